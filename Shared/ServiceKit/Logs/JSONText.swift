/// JSON as log lines and health pages need it: objects of texts, written in order.
enum JSONText {
  /// `text` as a JSON string with its quotes; control characters are escaped.
  static func quoted(_ text: String) -> String {
    var out = "\""
    out.reserveCapacity(text.utf8.count + 2)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        out += Self.escaped(scalar)
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }

  /// An object of texts in the order given.
  static func object(_ fields: [(String, String)]) -> String {
    let members = fields.map { "\(Self.quoted($0.0)):\(Self.quoted($0.1))" }
    return "{" + members.joined(separator: ",") + "}"
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    let hex = String(scalar.value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
  }
}
