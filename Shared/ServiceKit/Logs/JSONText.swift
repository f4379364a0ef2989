/// JSON as log lines and health pages need it: objects of texts, written in order.
enum JSONText {
  /// About how long a line is, so that it is written in one place.
  private static let lineBytes = 512

  /// `text` as a JSON string with its quotes; control characters are escaped.
  static func quoted(_ text: String) -> String {
    var out = ""
    Self.quote(text, into: &out)
    return out
  }

  /// An object of texts in the order given.
  static func object(_ fields: [(String, String)]) -> String {
    var out = "{"
    out.reserveCapacity(Self.lineBytes)
    for (index, field) in fields.enumerated() {
      if index > 0 { out += "," }
      Self.quote(field.0, into: &out)
      out += ":"
      Self.quote(field.1, into: &out)
    }
    return out + "}"
  }

  /// Every call is a line, and hardly a text of one needs an escape: those are copied whole.
  private static func quote(_ text: String, into out: inout String) {
    out += "\""
    if text.utf8.allSatisfy(Self.isPlain) {
      out += text
    } else {
      for scalar in text.unicodeScalars { Self.escape(scalar, into: &out) }
    }
    out += "\""
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private static func escape(_ scalar: Unicode.Scalar, into out: inout String) {
    switch scalar {
    case "\"": out += "\\\""
    case "\\": out += "\\\\"
    case "\n": out += "\\n"
    case "\r": out += "\\r"
    case "\t": out += "\\t"
    case _ where scalar.value < 0x20 || scalar.value == 0x7F: out += Self.escaped(scalar)
    default: out.unicodeScalars.append(scalar)
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    let hex = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
  }
}
