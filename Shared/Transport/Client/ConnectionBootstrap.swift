import NIOCore
import NIOPosix

/// Opens the sockets of a client channel, and is the one place that knows what stands in the
/// pipeline of such a connection: what goes between the socket and the HTTP/2 session is added
/// here.
struct ConnectionBootstrap {
  let loop: any EventLoop
  /// How long one attempt may take.
  let timeout: TimeAmount

  init(_ configuration: ClientConfiguration, loop: any EventLoop) {
    self.loop = loop
    self.timeout = .milliseconds(configuration.connectMs)
  }

  /// Connects to one address, which is a number; `make` is called on the loop when there is a
  /// socket, before anything is sent on it.
  func connect(
    to address: ServerAddress, _ make: @escaping @Sendable () throws -> ClientConnection
  ) -> EventLoopFuture<any Channel> {
    guard let number = address.number else {
      return self.loop.makeFailedFuture(SocketAddressError.failedToParseIPString(address.host))
    }
    return ClientBootstrap(group: self.loop)
      .connectTimeout(self.timeout)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try self.fill(channel.pipeline.syncOperations, with: try make())
        }
      }
      .connect(to: number)
  }

  private func fill(
    _ pipeline: ChannelPipeline.SynchronousOperations, with connection: ClientConnection
  ) throws {
    try pipeline.addHandler(connection)
  }
}
