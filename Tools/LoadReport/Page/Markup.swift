/// A piece of a page. Texts and attributes are escaped as they are written, so that nothing which
/// came from a scenario or a server can become markup. What is written is HTML and XML at once.
enum Markup {
  /// A text.
  case text(String)
  /// An element with its attributes, in their order, and what is in it.
  indirect case element(String, [(String, String)], [Markup])
  /// A style sheet, which HTML reads as it stands: only ever one that is written in this module.
  case style(StaticString)

  /// An element.
  static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: [Markup] = []
  ) -> Markup {
    .element(name, attributes.map { ($0.key, $0.value) }, content)
  }

  /// An element that holds a text.
  static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String
  ) -> Markup {
    .tag(name, attributes, [.text(text)])
  }

  /// The elements that never hold anything: in HTML, and of SVG those that are used here.
  private static let empty: Set<String> = ["meta", "path", "line", "rect", "circle"]

  /// Appends what stands in the file.
  func write(to out: inout String) {
    switch self {
    case .text(let text): Self.escape(text, to: &out)
    case .style(let sheet): out += "<style>\(sheet)</style>"
    case .element(let name, let attributes, let content):
      out += "<\(name)"
      for (key, value) in attributes {
        out += " \(key)=\""
        Self.escape(value, to: &out)
        out += "\""
      }
      if Self.empty.contains(name) {
        out += "/>"
        return
      }
      out += ">"
      for piece in content { piece.write(to: &out) }
      out += "</\(name)>"
    }
  }

  /// Writes a text so that it is a text in HTML and in XML, in an element and in an attribute.
  private static func escape(_ text: String, to out: inout String) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      default: out.unicodeScalars.append(self.isWritable(scalar) ? scalar : "\u{FFFD}")
      }
    }
  }

  /// Whether XML 1.0 (section 2.2) has the character and it does not turn the direction of what
  /// follows.
  private static func isWritable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D: true
    case 0..<0x20, 0x7F...0x9F, 0xFFFE, 0xFFFF: false
    case 0x202A...0x202E, 0x2066...0x2069: false
    default: true
    }
  }
}
