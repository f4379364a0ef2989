/// A JSON value with exactly one spelling, so that whoever holds the same facts gets the same bytes
/// to verify a signature over.
///
/// The spelling is that of RFC 8785 for the values there are here: UTF-8, no white space, an
/// object's keys in ascending order, integers in decimal. In strings `"` and `\` get a backslash,
/// U+0008, U+0009, U+000A, U+000C and U+000D their short forms, other characters below U+0020 the
/// form `\u00xx` with small hexadecimal digits; every other character, rare Han characters
/// included, stands as itself. Keys here are ASCII, for which RFC 8785's UTF-16 order is the order
/// of bytes.
public indirect enum CanonicalJSON: Hashable, Sendable, ExpressibleByStringLiteral {
  /// A text.
  case string(String)
  /// A whole number of at most `integerMax`, or its negative.
  case integer(Int64)
  /// Values in their order.
  case array([CanonicalJSON])
  /// Values by name.
  case object([String: CanonicalJSON])

  /// The greatest whole number that every reader of JSON keeps exactly (RFC 7493, 2.2).
  public static let integerMax: Int64 = (1 << 53) - 1

  /// A text.
  public init(stringLiteral value: String) {
    self = .string(value)
  }

  /// The one spelling.
  public var utf8: [UInt8] {
    var bytes: [UInt8] = []
    self.write(to: &bytes)
    return bytes
  }

  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .string(let text): Self.write(text, to: &bytes)
    case .integer(let number): bytes.append(contentsOf: String(number).utf8)
    case .array(let values): Self.write(values, to: &bytes)
    case .object(let members): Self.write(members, to: &bytes)
    }
  }

  private static func write(_ values: [CanonicalJSON], to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      value.write(to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  private static func write(_ members: [String: CanonicalJSON], to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "{"))
    var isFirst = true
    let ordered = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    for (key, value) in ordered {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      Self.write(key, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      value.write(to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if let escape = Self.escape(byte) {
        bytes.append(contentsOf: escape.utf8)
      } else {
        bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// How a byte is written that does not stand as itself; nil for all others.
  static func escape(_ byte: UInt8) -> String? {
    switch byte {
    case UInt8(ascii: "\""): "\\\""
    case UInt8(ascii: "\\"): "\\\\"
    case 0x08: "\\b"
    case 0x09: "\\t"
    case 0x0A: "\\n"
    case 0x0C: "\\f"
    case 0x0D: "\\r"
    case 0x00..<0x10: "\\u000" + String(byte, radix: 16)
    case 0x10..<0x20: "\\u00" + String(byte, radix: 16)
    default: nil
    }
  }
}
