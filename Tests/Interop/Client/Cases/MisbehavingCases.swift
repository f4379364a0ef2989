import DomainModel
import RPC
import Wire

/// Calls to the gRPC project's servers that misbehave (its http2_test), each of which does one
/// thing that a client must take well.
enum MisbehavingCases {
  /// How many calls are made at once on a connection that takes one at a time.
  private static let callsAtOnce = 10

  /// The server ends the connection after the first answer: the next call finds another.
  static func goaway(_ peer: Peer) async throws {
    try await Self.large(peer)
    try await Self.large(peer)
  }

  /// The stream is reset after its header fields, within its answer or after it, in any case before
  /// its status: nothing of it is handed out.
  static func resetBeforeStatus(_ peer: Peer) async throws {
    try await expectStatus(.internal, "UnaryCall") { try await Self.large(peer) }
  }

  /// Pings stand between all frames of the answer.
  static func ping(_ peer: Peer) async throws {
    try await Self.large(peer)
  }

  /// The server takes one call at a time: further ones wait for their turn.
  static func maxStreams(_ peer: Peer) async throws {
    // After it the server's settings are known.
    try await Self.large(peer)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<Self.callsAtOnce { group.addTask { try await Self.large(peer) } }
      try await group.waitForAll()
    }
  }

  private static func large(_ peer: Peer) async throws {
    try await UnaryCases.largeUnary(peer)
  }
}
