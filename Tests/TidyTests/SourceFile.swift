/// A file of the tree as the rules see it: its path from the root and its lines.
struct SourceFile: Sendable {
  /// From the root, such as `Shared/RPC/Method.swift`.
  let path: String
  /// The lines as written.
  let lines: [String]
  /// The lines without comments and without what stands in string literals, so that a rule about
  /// code does not read prose.
  let code: [String]

  init(path: String, text: String) {
    self.path = path
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    self.lines = lines
    self.code = path.hasSuffix(".swift") ? Self.code(of: lines) : lines
  }

  var folders: [Substring] { self.path.split(separator: "/").dropLast() }

  var name: Substring { self.path.split(separator: "/").last ?? "" }

  func isIn(_ folder: String) -> Bool { self.path.hasPrefix(folder + "/") }

  /// Whether a folder of that name lies anywhere above the file.
  func isUnder(folderNamed name: String) -> Bool { self.folders.contains(Substring(name)) }

  /// Findings for every line of code that the rule is told to refuse.
  func findings(_ refuse: (String) -> String?) -> [Finding] {
    self.code.enumerated().compactMap { index, line in
      refuse(line).map { Finding(path: self.path, line: index + 1, text: $0) }
    }
  }

  /// The modules that the file imports, with their lines.
  var imports: [(module: String, line: Int)] {
    self.code.enumerated().compactMap { index, line in
      var words = line.split(separator: " ").map(String.init)
      while let first = words.first, first.hasPrefix("@") || Self.accessLevels.contains(first) {
        words.removeFirst()
      }
      guard words.first == "import", words.count > 1 else { return nil }
      let isKind = words.count > 2 && Self.importKinds.contains(words[1])
      let name = words[isKind ? 2 : 1].split(separator: ".")[0]
      return (String(name), index + 1)
    }
  }

  private static let accessLevels: Set = [
    "public", "package", "internal", "fileprivate", "private",
  ]
  private static let importKinds: Set = [
    "class", "struct", "enum", "protocol", "func", "var", "let", "typealias",
  ]

  /// Enough of Swift's lexer for the rules: line and block comments, one-line and multi-line
  /// literals. What interpolates in a literal is taken for text.
  private static func code(of lines: [String]) -> [String] {
    var isInText = false
    var isInComment = false
    return lines.map { line in
      var out = ""
      var rest = Substring(line)
      while !rest.isEmpty {
        if isInComment {
          guard let end = rest.firstRange(of: "*/") else { break }
          rest = rest[end.upperBound...]
          isInComment = false
        } else if isInText {
          guard let end = rest.firstRange(of: "\"\"\"") else { break }
          rest = rest[end.upperBound...]
          isInText = false
        } else if rest.hasPrefix("\"\"\"") {
          rest = rest.dropFirst(3)
          isInText = true
        } else if rest.hasPrefix("//") {
          break
        } else if rest.hasPrefix("/*") {
          isInComment = true
          rest = rest.dropFirst(2)
        } else if rest.first == "\"" {
          rest = Self.afterLiteral(rest.dropFirst())
          out += "\"\""
        } else if rest.first == "`", let end = rest.dropFirst().firstIndex(of: "`") {
          // A test's name is a sentence, not code.
          out += "`x`"
          rest = rest[rest.index(after: end)...]
        } else {
          out.append(rest.removeFirst())
        }
      }
      return out
    }
  }

  private static func afterLiteral(_ text: Substring) -> Substring {
    var rest = text
    while let character = rest.popFirst() {
      if character == "\\" { rest = rest.dropFirst() } else if character == "\"" { break }
    }
    return rest
  }
}
