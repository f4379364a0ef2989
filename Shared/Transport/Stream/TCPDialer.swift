import NIOCore
import NIOPosix

/// Opens TCP connections without TLS.
///
/// Providers' lines are private ones, and their protocols know no TLS; but nothing leaves this
/// machine in plaintext unless somebody has said that the line is private.
public struct TCPDialer: StreamDialer {
  /// Whether servers beyond loopback are called.
  public var isPrivateLine: Bool
  /// How long one attempt may take, in milliseconds.
  public var connectMs: Int64 = 5_000
  /// How many bytes may wait for their reader before no more are taken from the socket.
  public var inboundBytesMax = 262_144
  /// How many bytes may wait for the peer to take them before the connection is closed.
  public var outboundBytesMax = 1_048_576
  /// What names mean.
  public var resolver: any Resolver = SystemResolver()

  /// A dialer.
  public init(isPrivateLine: Bool = false) {
    self.isPrivateLine = isPrivateLine
  }

  /// Tries the server's addresses one after another. Throws `TransportError` for one that is not on
  /// this machine, the resolver's error, or why the last could not be reached.
  public func dial(_ server: ServerAddress) async throws -> any ByteStream {
    var failure: (any Error)?
    for address in try await self.addresses(of: server) {
      do {
        return try await self.connect(to: address)
      } catch {
        failure = error
      }
    }
    throw failure ?? SystemResolver.Failure(description: "\(server.host): no address")
  }

  private func addresses(of server: ServerAddress) async throws -> [SocketAddress] {
    if let number = server.number { return [number] }
    return try await self.resolver.resolve(server).compactMap(\.number)
  }

  private func connect(to address: SocketAddress) async throws -> TCPStream {
    guard self.isPrivateLine || address.isLoopback else {
      throw TransportError.plaintextNotLoopback(host: address.ipAddress ?? "\(address)")
    }
    let (inMax, outMax) = (self.inboundBytesMax, self.outboundBytesMax)
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    // SO_REUSEADDR: as in ConnectionBootstrap, this end's port may be one to listen on.
    let channel = try await ClientBootstrap(group: loop)
      .connectTimeout(.milliseconds(self.connectMs))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(.socketOption(.so_reuseaddr), value: 1)
      .channelOption(.autoRead, value: false)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            TCPStream(channel, inboundBytesMax: inMax, outboundBytesMax: outMax))
        }
      }
      .connect(to: address).get()
    return try await channel.pipeline.handler(type: TCPStream.self).get()
  }
}
