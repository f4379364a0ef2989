/// A settings file: one `key = value` a line; `#` starts a comment line.
///
/// The format is this plain because a JSON reader would bring the whole of Foundation into every
/// server's memory.
struct SettingsFile: Sendable {
  /// A key with its value and the line it stands on.
  struct Entry: Sendable {
    var key: String
    var value: String
    var line: Int
  }

  /// What the file is called in messages.
  let name: String
  private(set) var entries: [Entry] = []
  private(set) var problems: [String] = []

  /// No file.
  static let none = SettingsFile(name: "no file", text: "")

  /// Reads the text; what cannot be read becomes a problem naming file and line.
  init(name: String, text: String) {
    self.name = name
    var lines: [String: Int] = [:]
    for (offset, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let line = Self.trimmed(raw)
      if line.isEmpty || line.hasPrefix("#") { continue }
      guard let equals = line.firstIndex(of: "=") else {
        self.problems.append("\(name) line \(offset + 1): expected `key = value`")
        continue
      }
      let key = Self.trimmed(line[..<equals])
      if let earlier = lines[key] {
        self.problems.append(
          "\(name) line \(offset + 1): \(key) stands already on line \(earlier)")
        continue
      }
      lines[key] = offset + 1
      let value = Self.trimmed(line[line.index(after: equals)...])
      self.entries.append(Entry(key: key, value: value, line: offset + 1))
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }

  private static func trimmed(_ text: String) -> String { Self.trimmed(text[...]) }
}
