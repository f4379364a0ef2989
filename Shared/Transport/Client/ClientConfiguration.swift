public import DomainModel
public import Logging
public import NIOCore
import NIOPosix

/// Where a client channel connects to and within which bounds.
public struct ClientConfiguration: Sendable {
  /// The servers, each by a name or a number; any of them may take any call. There is at least one.
  public var servers: [ServerAddress]
  /// What requests name as their host (`:authority`).
  public var authority: String
  /// How TLS is spoken; nil for plaintext, which goes to this machine only.
  public var tls: ClientTLS?
  /// Is told when a server cannot be reached and when it can be again, and when new TLS files
  /// cannot be used.
  public var logger: Logger?
  /// Finds the addresses behind names.
  public var resolver: any Resolver = SystemResolver()
  /// When names are resolved again.
  public var resolution = ResolutionTimes()
  /// Every bound that is not about connecting.
  public var limits: TransportLimits
  /// How long one attempt to connect may take, in milliseconds.
  public var connectMs: Int64 = 5_000
  /// How long to wait between attempts.
  public var backoff = Backoff(firstMs: 100, maxMs: 10_000)
  /// How the calls of each method are made.
  public var policies = CallPolicies()
  /// How much may be retried when much fails.
  public var throttling = RetryThrottling()
  /// How each server is asked whether it serves; nil for not at all.
  public var health: HealthWatch?
  /// Where the jitter comes from.
  public var random: any RandomSource
  /// The event loops; the channel uses one of them. They must outlive the channel: the default is
  /// NIO's process-wide group, which is never shut down.
  public var group: any EventLoopGroup

  /// A configuration for the servers of one service, with the default limits.
  public init(
    servers: [ServerAddress], random: any RandomSource, limits: TransportLimits = .client,
    group: (any EventLoopGroup)? = nil
  ) {
    precondition(!servers.isEmpty, "a channel has a server")
    self.servers = servers
    self.authority = servers.first?.description ?? ""
    self.random = random
    self.limits = limits
    self.group = group ?? MultiThreadedEventLoopGroup.singleton
  }

  /// A configuration for one server, with the default limits.
  public init(
    host: String, port: Int, random: any RandomSource, limits: TransportLimits = .client,
    group: (any EventLoopGroup)? = nil
  ) {
    self.init(
      servers: [ServerAddress(host: host, port: port)], random: random, limits: limits, group: group
    )
  }
}
