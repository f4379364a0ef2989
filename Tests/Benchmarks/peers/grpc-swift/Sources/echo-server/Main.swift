import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GRPCProtobuf

/// The echo over grpc-swift-2 with its NIO transport and its defaults.
///
/// Listens on a free port of loopback, says `listening on 127.0.0.1:PORT`, serves until killed.
@main
struct EchoServer {
  static func main() async throws {
    let server = GRPCServer(
      transport: .http2NIOPosix(
        address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: .plaintext),
      services: [EchoService()])
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { try await server.serve() }
      if let port = try await server.listeningAddress?.ipv4?.port {
        FileHandle.standardOutput.write(Data("listening on 127.0.0.1:\(port)\n".utf8))
      }
    }
  }
}

/// Registered as generated code does it.
struct EchoService: RegistrableRPCService {
  private static let streamedMessages = 100

  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    let service = ServiceDescriptor(fullyQualifiedService: "anju.bench.Echo")
    router.registerHandler(
      forMethod: MethodDescriptor(service: service, method: "Unary"),
      deserializer: ProtobufDeserializer<EchoMessage>(),
      serializer: ProtobufSerializer<EchoMessage>(),
      handler: { request, _ in
        let request = try await ServerRequest(stream: request)
        return StreamingServerResponse(single: ServerResponse(message: request.message))
      })
    router.registerHandler(
      forMethod: MethodDescriptor(service: service, method: "Stream"),
      deserializer: ProtobufDeserializer<EchoMessage>(),
      serializer: ProtobufSerializer<EchoMessage>(),
      handler: { request, _ in
        let request = try await ServerRequest(stream: request)
        return StreamingServerResponse { writer in
          for _ in 0..<Self.streamedMessages { try await writer.write(request.message) }
          return [:]
        }
      })
  }
}
