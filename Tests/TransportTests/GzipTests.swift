import DomainModel
import TestSupport
import Testing

@testable import Transport

/// gzip as Python's module of that name writes it: "hello" four times.
let helloGzip: [UInt8] = [
  0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57,
  0xC8, 0x40, 0x27, 0x01, 0xE3, 0x51, 0x3D, 0x8D, 0x17, 0x00, 0x00, 0x00,
]

@Suite struct GzipTests {
  @Test func `what others compressed is read`() throws {
    let plain = try Gzip.inflate(helloGzip, upTo: 23)
    #expect(String(decoding: plain, as: UTF8.self) == "hello hello hello hello")
  }

  @Test(arguments: [0, 1, 255, 256, 512, 513, 8_192, 32_768, 32_769, 100_000, 1 << 20])
  func `what was compressed comes back`(_ count: Int) throws {
    let random = SeededRandom(seed: UInt64(count) + 1)
    for plain in [[UInt8](repeating: 7, count: count), random.bytes(count)] {
      #expect(try Gzip.inflate(try Gzip.deflate(plain), upTo: count) == plain)
    }
  }

  @Test func `a message that inflates over the bound is refused by what it says of itself`() throws
  {
    let bomb = try Gzip.deflate([UInt8](repeating: 0, count: 8 << 20))
    #expect(bomb.count < 64 << 10)
    let error = #expect(throws: ServiceError.self) { try Gzip.inflate(bomb, upTo: 4 << 20) }
    #expect(error?.code == .resourceExhausted)
    #expect(try Gzip.inflate(bomb, upTo: 8 << 20).count == 8 << 20)
  }

  @Test(arguments: [0, 1, 1_000, 4 << 20])
  func `a message that lies about its length is inflated no further than that`(
    _ claimed: Int
  ) throws {
    var bomb = try Gzip.deflate([UInt8](repeating: 0, count: 8 << 20))
    for byte in 0..<4 { bomb[bomb.count - 4 + byte] = UInt8(claimed >> (8 * byte) & 255) }
    let error = #expect(throws: ServiceError.self) { try Gzip.inflate(bomb, upTo: 4 << 20) }
    #expect(error?.code == .internal)
  }

  @Test func `a length that no such message can have is not believed`() {
    var small = helloGzip
    small[26] = 0x20
    let error = #expect(throws: ServiceError.self) { try Gzip.inflate(small, upTo: 4 << 20) }
    #expect(error?.code == .internal)
  }

  @Test func `every damaged or shortened message is INTERNAL`() {
    for index in helloGzip.indices where !(4...9).contains(index) {
      var damaged = helloGzip
      damaged[index] ^= 0x55
      #expect(throws: ServiceError.self) { try Gzip.inflate(damaged, upTo: 1_000) }
      let cut = Array(helloGzip[..<index])
      let error = #expect(throws: ServiceError.self) { try Gzip.inflate(cut, upTo: Int.max) }
      #expect(error?.code == .internal)
    }
    let twice = #expect(throws: ServiceError.self) {
      try Gzip.inflate(helloGzip + helloGzip, upTo: 1_000)
    }
    #expect(twice?.code == .internal)
  }

  @Test func `random bytes are no gzip and harm nobody`() {
    let random = SeededRandom(seed: 5)
    for _ in 0..<2_000 {
      let count = Int(random.bytes(1)[0])
      let bytes = helloGzip.prefix(10) + random.bytes(count)
      #expect(throws: ServiceError.self) { try Gzip.inflate(Array(bytes), upTo: 1_000) }
    }
  }

  @Test(arguments: [
    ("gzip", true), ("identity,gzip", true), ("identity, deflate, gzip", true), ("gzip\t", true),
    ("", false), ("identity", false), ("x-gzip", false), ("gzipped,deflate", false), (",,", false),
  ])
  func `gzip is found in a list of encodings`(_ text: String, _ isThere: Bool) {
    #expect(Array(text.utf8).withUnsafeBufferPointer { $0.lists("gzip") } == isThere)
  }
}

@Suite struct CompressionSwitchTests {
  @Test func `it can be turned on until the header fields leave`() {
    let early = CompressionSwitch(peerReadsGzip: true)
    #expect(!early.isOn && early.turnOn() && early.turnOn() && early.isOn && early.settle())
    #expect(early.isOn && early.turnOn())
    let late = CompressionSwitch(peerReadsGzip: true)
    #expect(!late.settle() && !late.turnOn() && !late.isOn)
    let unread = CompressionSwitch(peerReadsGzip: false)
    #expect(!unread.turnOn() && !unread.isOn && !unread.settle())
  }
}
