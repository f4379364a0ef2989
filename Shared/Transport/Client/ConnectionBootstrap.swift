import NIOCore
import NIOPosix
import NIOSSL

/// Opens the sockets of a client channel, and is the one place that knows what stands in the
/// pipeline of such a connection, between the socket and the HTTP/2 session: TLS, or nothing.
struct ConnectionBootstrap {
  let loop: any EventLoop
  /// How long one attempt may take.
  let timeout: TimeAmount
  private let security: ClientSecurity?

  init(_ configuration: ClientConfiguration, loop: any EventLoop, security: ClientSecurity?) {
    self.loop = loop
    self.timeout = .milliseconds(configuration.connectMs)
    self.security = security
  }

  /// Connects to one server; `make` is called on the loop when there is a socket, before anything
  /// is sent on it.
  func connect(
    host: String, port: Int, _ make: @escaping @Sendable () throws -> ClientConnection
  ) -> EventLoopFuture<any Channel> {
    guard let security = self.security else { return self.plaintext(host, port, make) }
    return security.context(on: self.loop, within: self.timeout).flatMap { context in
      self.connect(host, port) { pipeline in
        let connection = try make()
        try security.secure(pipeline, context, host: host)
        try pipeline.addHandler(connection)
      }
    }
  }

  /// Without TLS nothing is sent but to this machine.
  private func plaintext(
    _ host: String, _ port: Int, _ make: @escaping @Sendable () throws -> ClientConnection
  ) -> EventLoopFuture<any Channel> {
    let refusal = TransportError.plaintextNotLoopback(host: host)
    if let address = try? SocketAddress(ipAddress: host, port: port), !address.isLoopback {
      return self.loop.makeFailedFuture(refusal)
    }
    return self.connect(host, port) { try $0.addHandler(try make()) }
      .flatMap { channel in
        // What is written leaves at the end of the loop's turn, so nothing has been sent yet.
        guard channel.remoteAddress?.isLoopback == true else {
          channel.close(promise: nil)
          return channel.eventLoop.makeFailedFuture(refusal)
        }
        return channel.eventLoop.makeSucceededFuture(channel)
      }
  }

  private func connect(
    _ host: String, _ port: Int,
    _ fill: @escaping @Sendable (ChannelPipeline.SynchronousOperations) throws -> Void
  ) -> EventLoopFuture<any Channel> {
    ClientBootstrap(group: self.loop)
      .connectTimeout(self.timeout)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try fill(channel.pipeline.syncOperations) }
      }
      .connect(host: host, port: port)
  }
}
