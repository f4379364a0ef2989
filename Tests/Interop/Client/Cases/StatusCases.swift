import DomainModel
import RPC
import Wire

/// Calls that end with a status other than OK.
enum StatusCases {
  /// Whitespace, and characters in and beyond Unicode's basic plane.
  static let special = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"

  /// Code and message come back as they were sent, from a unary call and from a stream.
  static func codeAndMessage(_ peer: Peer) async throws {
    let status = GrpcTesting.EchoStatus(code: 2, message: "test status message")
    let unary = try await expectStatus(.unknown, "UnaryCall") {
      _ = try await peer.service.unaryCall(.init(responseStatus: status))
    }
    try expect(unary.message, is: status.message, "UnaryCall's message")
    let stream = try await expectStatus(.unknown, "FullDuplexCall") {
      try await peer.service.fullDuplexCall { requests, answers in
        try await requests.write(.init(responseStatus: status))
        await requests.finish()
        for try await _ in answers {}
      }
    }
    try expect(stream.message, is: status.message, "FullDuplexCall's message")
  }

  /// A message that cannot stand in a header field as it is.
  static func specialMessage(_ peer: Peer) async throws {
    let status = GrpcTesting.EchoStatus(code: 2, message: Self.special)
    let error = try await expectStatus(.unknown, "UnaryCall") {
      _ = try await peer.service.unaryCall(.init(responseStatus: status))
    }
    let (found, sent) = (Array(error.message.unicodeScalars), Array(Self.special.unicodeScalars))
    try expect(found, is: sent, "the message's characters")
  }

  /// A method that the service does not have.
  static func unimplementedMethod(_ peer: Peer) async throws {
    try await expectStatus(.unimplemented, "UnimplementedCall") {
      _ = try await peer.service.unimplementedCall(GrpcTesting.Empty())
    }
  }

  /// A service that the server does not have.
  static func unimplementedService(_ peer: Peer) async throws {
    let service = GrpcTesting.UnimplementedServiceClient(peer.channel)
    try await expectStatus(.unimplemented, "UnimplementedService") {
      _ = try await service.unimplementedCall(GrpcTesting.Empty())
    }
  }
}
