import Testing
import Wire

/// No bytes end the process: they are a message, or they are refused.
struct HostileBytesTests {
  private static let rows: [(name: String, bytes: [UInt8])] = [
    ("a key alone", [0x0A]),
    ("a length beyond the end", [0x0A, 5, 65]),
    ("a length of 4 GiB", [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]),
    ("a length of 2^63", [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]),
    ("a varint of eleven bytes", [0x10] + [UInt8](repeating: 0xFF, count: 10) + [1]),
    ("a varint cut off", [0x10, 0x80]),
    ("field number 0", [0x02, 0]),
    ("field number 0, longer than it need be", [0x80, 0, 1]),
    ("a field number over the highest", WireBytes.field(536_870_912, varint: 1)),
    ("a key of more than 32 bits", [0xE9, 0xFF, 0xD6, 0xA1, 0x2E, 1, 2, 3, 4, 5, 6, 7, 8]),
    ("such a key within", WireBytes.field(2, [0x80, 0, 1])),
    ("a group", [0x0B, 0x0C]),
    ("a group's end", [0x0C]),
    ("wire type 6", [0x0E]),
    ("wire type 7", [0x0F]),
    ("64 bits cut off", WireBytes.key(500, 1) + [1, 2, 3]),
    ("32 bits cut off", WireBytes.key(500, 5) + [1, 2, 3]),
    ("a message cut off within", WireBytes.field(9, [0x0A, 9, 1])),
    ("a packed list cut off", WireBytes.field(9, WireBytes.field(4, WireBytes.field(2, [0x80])))),
  ]

  @Test(arguments: Self.rows.indices)
  func `malformed bytes are refused`(row: Int) {
    let error = #expect(throws: WireError.self, "\(Self.rows[row].name)") {
      try IntakeV1.Application(wireBytes: Self.rows[row].bytes)
    }
    #expect(error?.reason == .malformed)
  }

  @Test func `every beginning of a message is a message or refused`() throws {
    let bytes = try Samples.application.wireBytes()
    for count in bytes.indices {
      _ = try? IntakeV1.Application(wireBytes: Array(bytes.prefix(count)))
    }
  }

  @Test func `what is read from damaged bytes can be written and read again`() throws {
    let whole = try Samples.application.wireBytes()
    var random = SplitMix(state: 20_260_101)
    var read = 0
    for _ in 0..<5_000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let index = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: index)
        default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
        }
      }
      guard let message = try? IntakeV1.Application(wireBytes: bytes) else { continue }
      read += 1
      #expect(try IntakeV1.Application(wireBytes: message.wireBytes()) == message)
    }
    #expect(read > 100, "the damage must leave some messages readable")
  }
}

/// Numbers that look random and are the same on every run.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    self.state &+= 0x9E37_79B9_7F4A_7C15
    var z = self.state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
