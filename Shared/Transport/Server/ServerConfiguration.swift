public import DomainModel
public import NIOCore
import NIOPosix

/// Where a server listens and within which bounds.
public struct ServerConfiguration: Sendable {
  /// The address to listen on: a name or a number.
  public var host: String
  /// The port; 0 for any free one.
  public var port: Int
  /// How TLS is spoken; nil for plaintext, which only this machine may reach.
  public var tls: ServerTLS?
  /// Every bound.
  public var limits: TransportLimits
  /// The clock that a call's deadline is told by to its handler.
  public var clock: any TimeSource
  /// A page for plain HTTP/2 requests; nil, the default, for none.
  public var page: PlainPage?
  /// The event loops, one a core. They must outlive the process's servers: the default is NIO's
  /// process-wide group, which is never shut down.
  public var group: any EventLoopGroup

  /// A configuration on loopback with the default limits.
  public init(
    host: String = "127.0.0.1", port: Int, clock: any TimeSource,
    limits: TransportLimits = TransportLimits(), group: (any EventLoopGroup)? = nil
  ) {
    self.host = host
    self.port = port
    self.clock = clock
    self.limits = limits
    self.group = group ?? MultiThreadedEventLoopGroup.singleton
  }
}
