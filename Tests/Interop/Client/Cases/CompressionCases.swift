import DomainModel
import RPC
import Wire

/// Messages that are compressed one by one, or not. A server that cannot tell whether a request
/// came compressed fails the probe that the client's cases begin with.
enum CompressionCases {
  private static let gzip = CallOptions(compression: .gzip)

  /// The probe, a compressed request, one that is not.
  static func clientUnary(_ peer: Peer) async throws {
    var request = GrpcTesting.SimpleRequest.large
    request.expectCompressed = GrpcTesting.BoolValue(value: true)
    try await expectStatus(.invalidArgument, "the probe") {
      _ = try await peer.service.unaryCall(request)
    }
    let compressed = try await peer.service.unaryCall(request, options: Self.gzip)
    try expectZeroes(compressed.payload, Sizes.largeAnswer, "the compressed call's answer")
    request.expectCompressed = GrpcTesting.BoolValue(value: false)
    let plain = try await peer.service.unaryCall(request)
    try expectZeroes(plain.payload, Sizes.largeAnswer, "the plain call's answer")
  }

  /// The answer's own flag says whether it was compressed.
  static func serverUnary(_ peer: Peer) async throws {
    for isCompressed in [true, false] {
      var request = GrpcTesting.SimpleRequest.large
      request.responseCompressed = GrpcTesting.BoolValue(value: isCompressed)
      let heard = Heard()
      let answer = try await peer.service.unaryCall(request, options: heard.options())
      try expectZeroes(answer.payload, Sizes.largeAnswer, "the answer")
      try expect(heard.now.compressed, is: [isCompressed], "the answer's compressed flag")
    }
  }

  /// The probe; then a compressed request and one that is not, in one call.
  static func clientStreaming(_ peer: Peer) async throws {
    let compressed = GrpcTesting.StreamingInputCallRequest(
      payload: .zeroes(27_182), expectCompressed: .init(value: true))
    let plain = GrpcTesting.StreamingInputCallRequest(
      payload: .zeroes(45_904), expectCompressed: .init(value: false))
    try await expectStatus(.invalidArgument, "the probe") {
      _ = try await peer.service.streamingInputCall { try await $0.write(compressed) }
    }
    let answer = try await peer.service.streamingInputCall(options: Self.gzip) { requests in
      try await requests.write(compressed, compressed: true)
      try await requests.write(plain, compressed: false)
    }
    try expect(answer.aggregatedPayloadSize, is: 73_086, "the sum")
  }

  /// One answer of a stream is compressed, the other is not.
  static func serverStreaming(_ peer: Peer) async throws {
    let wanted = [(size: 31_415, isCompressed: true), (size: 92_653, isCompressed: false)]
    let request = GrpcTesting.StreamingOutputCallRequest(
      responseParameters: wanted.map {
        .init(size: Int32($0.size), compressed: .init(value: $0.isCompressed))
      })
    let heard = Heard()
    try await peer.service.streamingOutputCall(request, options: heard.options()) { answers in
      var iterator = answers.makeAsyncIterator()
      for answer in wanted {
        try expectZeroes(try await iterator.next()?.payload, answer.size, "an answer")
      }
      try expect(try await iterator.next() == nil, "no third answer comes")
    }
    try expect(heard.now.compressed, is: wanted.map(\.isCompressed), "the compressed flags")
  }
}
