import Wire

/// One request, one answer.
enum UnaryCases {
  /// Messages of no bytes at all.
  static func emptyUnary(_ peer: Peer) async throws {
    let answer = try await peer.service.emptyCall(GrpcTesting.Empty())
    try expect(answer, is: GrpcTesting.Empty(), "the answer")
  }

  /// Messages larger than any window.
  static func largeUnary(_ peer: Peer) async throws {
    let answer = try await peer.service.unaryCall(.large)
    try expectZeroes(answer.payload, Sizes.largeAnswer, "the answer")
  }
}
