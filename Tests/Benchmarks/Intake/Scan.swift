import Crypto
import Measuring

/// Pictures of one size, as far as a header goes; each of them other bytes.
struct Scan: Sendable {
  private static let head: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 10]
  private static let chunkBytes = 65_536

  private let bytes: [UInt8]

  /// Random bytes between a picture's ends: nothing on the way can make less of them.
  init(bytes count: Int) {
    var random = SplitMix(1)
    var bytes = Self.head
    bytes.reserveCapacity(count)
    while bytes.count < count - 2 { bytes.append(UInt8.random(in: 0...255, using: &random)) }
    self.bytes = bytes + [0xFF, 0xD9]
  }

  /// The picture with a number, in chunks.
  func chunks(_ number: Int) -> [[UInt8]] {
    var rest = self.bytes[...]
    var chunks: [[UInt8]] = []
    while !rest.isEmpty {
      chunks.append(Array(rest.prefix(Self.chunkBytes)))
      rest = rest.dropFirst(Self.chunkBytes)
    }
    // Eight bytes behind the head say which it is.
    for place in 0..<8 { chunks[0][Self.head.count + place] = UInt8(number >> (8 * place) & 0xFF) }
    return chunks
  }

  var sizeBytes: Int { self.bytes.count }

  func sha256(_ number: Int) throws -> [UInt8] {
    let digest = try RunningDigest(.sha256)
    for chunk in self.chunks(number) { try digest.update(chunk) }
    return try digest.finish()
  }
}
