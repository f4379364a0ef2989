/// The labels that tell the series of one metric apart, in the order of their names.
struct Labels: Hashable, Comparable, Sendable {
  private struct Label: Hashable {
    var name: String
    var value: String
  }

  private let labels: [Label]

  init(_ dimensions: [(String, String)]) {
    self.labels =
      dimensions.map { Label(name: Self.identifier($0.0), value: $0.1) }
      .sorted { $0.name < $1.name }
  }

  /// What stands between a metric's name and its value; empty without labels.
  func text(adding extra: (String, String)? = nil) -> String {
    var pairs = self.labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
    if let extra { pairs.append("\(extra.0)=\"\(Self.escaped(extra.1))\"") }
    return pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
  }

  static func < (left: Labels, right: Labels) -> Bool { left.text() < right.text() }

  /// `text` with everything that Prometheus does not allow in a name as `_`.
  static func identifier(_ text: String) -> String {
    let out = text.utf8.map { byte -> Character in
      let character = Character(Unicode.Scalar(byte))
      let isKept = byte < 0x80 && (character.isLetter || character.isNumber)
      return isKept ? character : "_"
    }
    return (out.first?.isNumber ?? true) ? "_" + String(out) : String(out)
  }

  private static func escaped(_ value: String) -> String {
    value.reduce(into: "") { out, character in
      switch character {
      case "\\": out += "\\\\"
      case "\"": out += "\\\""
      case "\n": out += "\\n"
      default: out.append(character)
      }
    }
  }
}
