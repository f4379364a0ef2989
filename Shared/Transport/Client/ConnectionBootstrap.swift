import NIOCore
import NIOPosix

/// Opens the sockets of a client channel, and is the one place that knows what stands in the
/// pipeline of such a connection, between the socket and the HTTP/2 session: TLS, or nothing.
struct ConnectionBootstrap {
  let loop: any EventLoop
  /// How long one attempt may take.
  let timeout: TimeAmount
  private let security: ClientSecurity?

  init(_ configuration: ClientConfiguration, loop: any EventLoop) {
    self.loop = loop
    self.timeout = .milliseconds(configuration.connectMs)
    self.security = configuration.tls.map { ClientSecurity($0, logger: configuration.logger) }
  }

  /// Connects to one address, which is a number; `make` is called on the loop when there is a
  /// socket, before anything is sent on it. Without TLS it connects to this machine only.
  func connect(
    to address: ServerAddress, _ make: @escaping @Sendable () throws -> ClientConnection
  ) -> EventLoopFuture<any Channel> {
    guard let number = address.number else {
      return self.loop.makeFailedFuture(SocketAddressError.failedToParseIPString(address.host))
    }
    guard let security = self.security else {
      guard number.isLoopback else {
        return self.loop.makeFailedFuture(
          TransportError.plaintextNotLoopback(host: address.host))
      }
      return self.connect(number) { try $0.addHandler(try make()) }
    }
    return security.context(on: self.loop, within: self.timeout).flatMap { context in
      self.connect(number) { pipeline in
        let connection = try make()
        try security.secure(pipeline, context, host: address.name ?? address.host)
        try pipeline.addHandler(connection)
      }
    }
  }

  private func connect(
    _ number: SocketAddress,
    _ fill: @escaping @Sendable (ChannelPipeline.SynchronousOperations) throws -> Void
  ) -> EventLoopFuture<any Channel> {
    // The kernel may give this end a port on which a service is about to listen; without
    // SO_REUSEADDR here, that service could not start while this connection or its TIME_WAIT lasts.
    ClientBootstrap(group: self.loop)
      .connectTimeout(self.timeout)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.socketOption(.so_reuseaddr), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try fill(channel.pipeline.syncOperations) }
      }
      .connect(to: number)
  }
}
