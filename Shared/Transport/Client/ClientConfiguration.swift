public import DomainModel
public import Logging
public import NIOCore
import NIOPosix

/// Where a client channel connects to and within which bounds.
public struct ClientConfiguration: Sendable {
  /// The server's address: a name or a number.
  public var host: String
  /// The server's port.
  public var port: Int
  /// How TLS is spoken; nil for plaintext, which leaves this machine never.
  public var tls: ClientTLS?
  /// Is told when new TLS files cannot be used.
  public var logger: Logger?
  /// Every bound that is not about reconnecting.
  public var limits: TransportLimits
  /// How long one attempt to connect may take, in milliseconds.
  public var connectMs: Int64
  /// How long to wait between attempts.
  public var backoff: Backoff
  /// Where the jitter comes from.
  public var random: any RandomSource
  /// The event loops; the channel uses one of them. They must outlive the channel: the default is
  /// NIO's process-wide group, which is never shut down.
  public var group: any EventLoopGroup

  /// A configuration with the default limits.
  public init(
    host: String, port: Int, random: any RandomSource,
    limits: TransportLimits = TransportLimits(), group: (any EventLoopGroup)? = nil
  ) {
    self.host = host
    self.port = port
    self.random = random
    self.limits = limits
    self.connectMs = 5_000
    self.backoff = Backoff()
    self.group = group ?? MultiThreadedEventLoopGroup.singleton
  }
}

/// How long a client waits between attempts to connect: exponentially longer, up to a bound, and
/// jittered so that many clients do not come back at once.
public struct Backoff: Hashable, Sendable {
  /// The wait after the first failed attempt, in milliseconds.
  public var firstMs: Int64 = 100
  /// The longest wait, in milliseconds.
  public var maxMs: Int64 = 10_000
  /// By how much the wait may be off in either direction, in per cent.
  public var jitterPercent: Int64 = 20

  /// The defaults.
  public init() {}

  /// The wait after a number of failed attempts, in milliseconds.
  func delayMs(after attempts: Int, _ random: any RandomSource) -> Int64 {
    let doubled = self.firstMs << Int64(min(max(attempts - 1, 0), 20))
    let delay = min(doubled, self.maxMs)
    let draw = random.bytes(2).reduce(Int64(0)) { $0 << 8 | Int64($1) }
    let spread = delay * self.jitterPercent / 100
    return delay - spread + 2 * spread * draw / 65_535
  }
}
