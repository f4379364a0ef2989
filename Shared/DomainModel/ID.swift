/// The identifier of one entity, typed by what it identifies, so that a case's id is never passed
/// where an application's is meant.
///
/// New ids are ULIDs: 48 bits of time and 80 random bits in 26 characters of Crockford's base 32.
/// They ascend with time, so that a database appends instead of splitting pages.
public struct ID<Entity>: Hashable, Sendable, CustomStringConvertible {
  /// The text, 1 to 64 characters.
  public let text: String

  /// An id read from a message or a row.
  public init(_ text: String) {
    self.text = text
  }

  /// A new id from the instant and 10 random bytes.
  public init(now: Timestamp, random: some RandomSource) {
    self.init(Self.encode(milliseconds: now.milliseconds, entropy: random.bytes(10)))
  }

  /// The least of the ids of an instant: those that were made before it are less.
  public static func least(at instant: Timestamp) -> Self {
    Self(
      Self.encode(
        milliseconds: instant.milliseconds, entropy: [UInt8](repeating: 0, count: 10)))
  }

  /// The text.
  public var description: String { self.text }

  private static func encode(milliseconds: Int64, entropy: [UInt8]) -> String {
    let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    var high = UInt64(truncatingIfNeeded: milliseconds) & 0xFFFF_FFFF_FFFF
    var characters = [UInt8](repeating: alphabet[0], count: 26)
    for index in stride(from: 9, through: 0, by: -1) {
      characters[index] = alphabet[Int(high & 31)]
      high >>= 5
    }
    var bits: UInt32 = 0
    var bitCount = 0
    var index = 10
    for byte in entropy {
      bits = (bits << 8) | UInt32(byte)
      bitCount += 8
      while bitCount >= 5 {
        bitCount -= 5
        characters[index] = alphabet[Int((bits >> UInt32(bitCount)) & 31)]
        index += 1
      }
    }
    return String(decoding: characters, as: UTF8.self)
  }
}
