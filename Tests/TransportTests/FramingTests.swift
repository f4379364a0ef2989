import DomainModel
import TestSupport
import Testing

@testable import Transport

@Suite struct FramingTests {
  private func read(
    _ parts: [[UInt8]], max: Int = 100
  ) throws -> (messages: [[UInt8]], isAtBoundary: Bool) {
    var reader = MessageReader(messageBytesMax: max)
    var messages: [[UInt8]] = []
    for part in parts {
      try part.withUnsafeBytes { bytes in
        var rest = bytes
        while let message = try reader.next(&rest) { messages.append(message.bytes) }
      }
    }
    return (messages, reader.isAtBoundary)
  }

  @Test func `messages are found however the bytes are cut`() throws {
    let bytes: [UInt8] = [0, 0, 0, 0, 2, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 9]
    for cut in 0...bytes.count {
      for second in cut...bytes.count {
        let parts = [
          Array(bytes[..<cut]), Array(bytes[cut..<second]), Array(bytes[second...]),
        ]
        let result = try self.read(parts)
        #expect(result.messages == [[7, 8], [], [9]])
        #expect(result.isAtBoundary)
      }
    }
  }

  @Test(arguments: [[0], [0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 2, 1]] as [[UInt8]])
  func `bytes that end within a message are not at a boundary`(_ bytes: [UInt8]) throws {
    #expect(try !self.read([bytes]).isAtBoundary)
  }

  @Test(
    arguments: [
      ([0, 0, 0, 0, 101], ServiceError.Code.resourceExhausted),
      ([0, 255, 255, 255, 255], .resourceExhausted),
      ([1, 0, 0, 0, 1], .internal),
      ([2, 0, 0, 0, 1], .internal),
    ] as [([UInt8], ServiceError.Code)])
  func `a prefix that is not allowed has its status`(
    _ bytes: [UInt8], _ code: ServiceError.Code
  ) {
    for parts in [[bytes], bytes.map { [$0] }] {
      let error = #expect(throws: ServiceError.self) { try self.read(parts) }
      #expect(error?.code == code)
    }
  }

  @Test func `random cuts of random messages lose nothing`() throws {
    let random = SeededRandom(seed: 7)
    for _ in 0..<200 {
      let messages = random.bytes(5).map { random.bytes(Int($0) % 100) }
      let framed: [[UInt8]] = messages.map { [0, 0, 0, 0, UInt8($0.count)] + $0 }
      var rest = Array(framed.joined())[...]
      var parts: [[UInt8]] = []
      while !rest.isEmpty {
        let part = rest.prefix(Int(random.bytes(1)[0] % 17) + 1)
        parts.append(Array(part))
        rest = rest.dropFirst(part.count)
      }
      #expect(try self.read(parts).messages == messages)
    }
  }
}

@Suite struct TimeoutTests {
  @Test(
    arguments: [
      ("1n", 1), ("1u", 1_000), ("1m", 1_000_000), ("1S", 1_000_000_000),
      ("2M", 120_000_000_000), ("3H", 10_800_000_000_000), ("0n", 0),
      ("99999999n", 99_999_999), ("99999999H", 2_147_483_648_000_000),
    ] as [(String, Int64)])
  func `a timeout is read in every unit`(_ text: String, _ nanoseconds: Int64) {
    #expect(Self.read(text) == nanoseconds)
  }

  @Test(arguments: ["", "1", "m", "-1m", "1x", "1 m", "123456789m", "１m"])
  func `what is no timeout is nil`(_ text: String) {
    #expect(Self.read(text) == nil)
  }

  @Test(
    arguments: [
      (0, "0m"), (-5, "0m"), (1_500, "1500m"), (99_999_999, "99999999m"),
      (100_000_000, "100000S"), (Int64.max, "99999999S"),
    ] as [(Int64, String)])
  func `a timeout is written in at most eight digits`(_ milliseconds: Int64, _ text: String) {
    #expect(GRPCTimeout.text(milliseconds: milliseconds) == text)
  }

  private static func read(_ text: String) -> Int64? {
    Array(text.utf8).withUnsafeBufferPointer { GRPCTimeout.nanoseconds($0) }
  }
}

@Suite struct Base64Tests {
  @Test(
    arguments: [
      ([], ""), ([0], "AA"), ([0, 1], "AAE"), ([0, 1, 2], "AAEC"),
      ([255, 254, 253, 252], "//79/A"),
    ] as [([UInt8], String)])
  func `bytes are written without padding and read with and without`(
    _ bytes: [UInt8], _ text: String
  ) {
    #expect(Base64.encode(bytes) == text)
    #expect(Base64.decode(text.utf8) == bytes)
    let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    #expect(Base64.decode((text + padding).utf8) == bytes)
  }

  @Test(arguments: ["A", "AAAAA", "AA=", "AA===", "A===", "A-", "A A", "=", "AA=A", "\u{0}\u{0}"])
  func `what is no base 64 is nil`(_ text: String) {
    #expect(Base64.decode(text.utf8) == nil)
  }
}

@Suite struct MessageQueueTests {
  @Test func `messages leave in the order they came, whatever the turns`() {
    let random = SeededRandom(seed: 11)
    var queue = MessageQueue()
    var model: [FramedMessage] = []
    for step in random.bytes(2_000) {
      if step < 140 {
        queue.append(FramedMessage(bytes: [step]))
        model.append(FramedMessage(bytes: [step]))
      } else {
        let expected = model.isEmpty ? nil : model.removeFirst()
        #expect(queue.popFirst() == expected)
      }
      #expect(queue.isEmpty == model.isEmpty)
    }
  }
}
