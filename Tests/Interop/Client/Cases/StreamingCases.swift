import RPC
import Wire

/// Streams in each direction and in both.
enum StreamingCases {
  /// The server sums up what came.
  static func clientStreaming(_ peer: Peer) async throws {
    let answer = try await peer.service.streamingInputCall { requests in
      for size in Sizes.requests {
        try await requests.write(GrpcTesting.StreamingInputCallRequest(payload: .zeroes(size)))
      }
    }
    try expect(answer.aggregatedPayloadSize, is: 74_922, "the sum")
  }

  /// The answers come complete and in order.
  static func serverStreaming(_ peer: Peer) async throws {
    let request = GrpcTesting.StreamingOutputCallRequest(
      responseParameters: Sizes.answers.map { GrpcTesting.ResponseParameters(size: Int32($0)) })
    try await peer.service.streamingOutputCall(request) { answers in
      var iterator = answers.makeAsyncIterator()
      for size in Sizes.answers {
        try expectZeroes(try await iterator.next()?.payload, size, "an answer")
      }
      try expect(try await iterator.next() == nil, "no fifth answer comes")
    }
  }

  /// Each request waits for the answer to the one before.
  static func pingPong(_ peer: Peer) async throws {
    try await peer.service.fullDuplexCall { requests, answers in
      var iterator = answers.makeAsyncIterator()
      for (request, answer) in zip(Sizes.requests, Sizes.answers) {
        try await requests.write(.init(answer: answer, payload: request))
        try expectZeroes(try await iterator.next()?.payload, answer, "an answer")
      }
      await requests.finish()
      try expect(try await iterator.next() == nil, "no fifth answer comes")
    }
  }

  /// A stream without a message in either direction.
  static func emptyStream(_ peer: Peer) async throws {
    try await peer.service.fullDuplexCall { requests, answers in
      await requests.finish()
      var iterator = answers.makeAsyncIterator()
      try expect(try await iterator.next() == nil, "no answer comes")
    }
  }
}
