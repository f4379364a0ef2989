/// Bytes as text of 45 characters (RFC 9285), which a QR code holds in its alphanumeric mode: three
/// characters for two bytes.
enum Base45 {
  private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".utf8)

  /// Each character's value, at its place in ASCII; 255 for those that are not used.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 128)
    for (value, character) in Self.alphabet.enumerated() {
      values[Int(character)] = UInt8(value)
    }
    return values
  }()

  /// How many characters so many bytes have.
  static func characterCount(_ byteCount: Int) -> Int { byteCount / 2 * 3 + byteCount % 2 * 2 }

  /// The text of bytes.
  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 2) {
      let isPair = start + 1 < bytes.count
      var rest = isPair ? Int(bytes[start]) << 8 | Int(bytes[start + 1]) : Int(bytes[start])
      for _ in 0..<(isPair ? 3 : 2) {
        text.append(Self.alphabet[rest % 45])
        rest /= 45
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of a text; nil for a character that is none, a last one that stands alone, and
  /// characters that say more than their bytes can hold.
  static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    let characters = Array(text)
    guard characters.count % 3 != 1 else { return nil }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: characters.count, by: 3) {
      let group = characters[start..<min(start + 3, characters.count)]
      var value = 0
      for character in group.reversed() {
        guard character < 128, Self.values[Int(character)] < 45 else { return nil }
        value = value * 45 + Int(Self.values[Int(character)])
      }
      guard value < (group.count == 3 ? 1 << 16 : 1 << 8) else { return nil }
      if group.count == 3 { bytes.append(UInt8(value >> 8)) }
      bytes.append(UInt8(value & 255))
    }
    return bytes
  }
}
