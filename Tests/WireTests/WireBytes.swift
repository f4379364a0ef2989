/// Wire format written by hand, so that tests can say what no honest peer sends.
enum WireBytes {
  static func varint(_ value: UInt64) -> [UInt8] {
    var value = value
    var bytes: [UInt8] = []
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    return bytes + [UInt8(value)]
  }

  static func key(_ number: UInt64, _ wireType: UInt64) -> [UInt8] {
    Self.varint(number << 3 | wireType)
  }

  /// A length-delimited field: a string, bytes, a message, a packed list.
  static func field(_ number: UInt64, _ content: [UInt8]) -> [UInt8] {
    Self.key(number, 2) + Self.varint(UInt64(content.count)) + content
  }

  static func field(_ number: UInt64, _ text: String) -> [UInt8] {
    Self.field(number, Array(text.utf8))
  }

  static func field(_ number: UInt64, varint value: UInt64) -> [UInt8] {
    Self.key(number, 0) + Self.varint(value)
  }
}
