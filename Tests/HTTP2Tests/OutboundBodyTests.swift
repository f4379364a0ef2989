import Testing

@testable import HTTP2

/// The body against a plain queue of bytes: messages of any length, handed in or copied, read in
/// pieces as small as a peer's window makes them.
struct OutboundBodyTests {
  /// A few numbers that look drawn, the same in each run.
  private struct Draw {
    var state: UInt64

    mutating func next(below bound: Int) -> Int {
      self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(self.state >> 33) % bound
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
      (0..<count).map { _ in UInt8(self.next(below: 256)) }
    }
  }

  private static func read(_ body: inout OutboundBody, _ count: Int) -> (Int, [UInt8]) {
    var buffer = [UInt8](repeating: 0, count: count)
    var flags: UInt32 = 0
    let result = buffer.withUnsafeMutableBytes { body.read(for: 1, nil, into: $0, &flags) }
    return (result, Array(buffer.prefix(max(0, result))))
  }

  private static func append(
    _ body: inout OutboundBody, _ draw: inout Draw
  ) -> [UInt8] {
    let longest = draw.next(below: 8) == 0 ? 150_000 : 40
    let message = draw.bytes(draw.next(below: longest))
    if draw.next(below: 3) == 0 {
      message.withUnsafeBytes { body.append($0) }
      return message
    }
    let prefix = draw.bytes(draw.next(below: BodyPrefix.countMax + 1))
    let number = prefix.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    body.append(BodyPrefix(number, count: prefix.count), message)
    return prefix + message
  }

  @Test(arguments: Array(1...12) + [65_536])
  func `bytes leave in the order they came, however small the pieces`(_ piece: Int) {
    var draw = Draw(state: UInt64(piece))
    var body = OutboundBody()
    var expected: [UInt8] = []
    var read: [UInt8] = []
    for _ in 0..<400 {
      if draw.next(below: 2) == 0 { expected += Self.append(&body, &draw) }
      for _ in 0..<draw.next(below: 6) {
        let (result, bytes) = Self.read(&body, 1 + draw.next(below: piece))
        guard result > 0 else { break }
        read += bytes
      }
      #expect(body.waitingBytes == expected.count - read.count)
    }
    while true {
      let (result, bytes) = Self.read(&body, piece)
      guard result > 0 else { break }
      read += bytes
    }
    #expect(read == expected)
    #expect(body.sentBytes == expected.count)
    #expect(body.isDeferred)
  }

  @Test func `an empty body waits for more until it is finished`() {
    var body = OutboundBody()
    #expect(Self.read(&body, 10).0 < 0)
    #expect(body.isDeferred)
    body.finish(nil)
    #expect(Self.read(&body, 10).0 == 0)
    let isCut = body.cutShort()
    #expect(!isCut)
  }
}
