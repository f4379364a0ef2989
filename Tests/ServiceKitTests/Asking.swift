import NIOCore
import NIOPosix
import ServiceKit

/// Sends `request` and returns everything that comes back.
func ask(_ address: PeerAddress, _ request: String) async throws -> String {
  let connection = try await ClientBootstrap(group: NIOSingletons.posixEventLoopGroup)
    .connect(host: address.host, port: address.port) { channel in
      channel.eventLoop.makeCompletedFuture {
        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
      }
    }
  return try await connection.executeThenClose { inbound, outbound in
    try await outbound.write(ByteBuffer(string: request))
    var answer = ""
    for try await part in inbound { answer += String(buffer: part) }
    return answer
  }
}

func get(_ address: PeerAddress, _ path: String) async throws -> String {
  try await ask(address, "GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
}
