import RPC
import Wire

/// Metadata, in text and in bytes, there and back.
enum MetadataCases {
  private static let initial = (
    name: "x-grpc-test-echo-initial", text: "test_initial_metadata_value"
  )
  private static let trailing = (
    name: "x-grpc-test-echo-trailing-bin", bytes: [0xAB, 0xAB, 0xAB] as [UInt8]
  )

  /// The server sends back one entry before its answer and the other after it.
  static func customMetadata(_ peer: Peer) async throws {
    var metadata = Metadata([Self.initial.name: Self.initial.text])
    metadata.append(Self.trailing.name, bytes: Self.trailing.bytes)
    try await Self.unary(peer, metadata)
    try await Self.stream(peer, metadata)
  }

  private static func unary(_ peer: Peer, _ metadata: Metadata) async throws {
    let heard = Heard()
    let answer = try await peer.service.unaryCall(
      .large, options: heard.options(metadata: metadata))
    try expectZeroes(answer.payload, Sizes.largeAnswer, "UnaryCall's answer")
    try Self.check(heard.now, "UnaryCall")
  }

  private static func stream(_ peer: Peer, _ metadata: Metadata) async throws {
    let heard = Heard()
    let options = heard.options(metadata: metadata)
    try await peer.service.fullDuplexCall(options: options) { requests, answers in
      try await requests.write(.init(answer: Sizes.largeAnswer, payload: Sizes.largeRequest))
      await requests.finish()
      var iterator = answers.makeAsyncIterator()
      try expectZeroes(
        try await iterator.next()?.payload, Sizes.largeAnswer, "FullDuplexCall's answer")
      try expect(try await iterator.next() == nil, "no second answer comes")
    }
    try Self.check(heard.now, "FullDuplexCall")
  }

  private static func check(_ heard: Heard.Facts, _ call: String) throws {
    try expect(
      heard.headers?[Self.initial.name], is: Self.initial.text, "\(call)'s initial metadata")
    try expect(
      heard.trailers?.bytes(Self.trailing.name), is: Self.trailing.bytes,
      "\(call)'s trailing metadata")
  }
}
