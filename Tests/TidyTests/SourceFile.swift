import Foundation

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
    self.bytes = Data(text.utf8)
    let isCode = path.hasSuffix(".swift") && !path.contains("/Generated/")
    self.code = isCode ? SwiftLexer.code(of: lines) : lines
  }

  private let bytes: Data

  var folders: [Substring] { self.path.split(separator: "/").dropLast() }

  var name: Substring { self.path.split(separator: "/").last ?? "" }

  func isIn(_ folder: String) -> Bool { self.path.hasPrefix(folder + "/") }

  /// Whether a folder of that name lies anywhere above the file.
  func isUnder(folderNamed name: String) -> Bool { self.folders.contains(Substring(name)) }

  /// Whether it belongs to a service's executable.
  var isInMain: Bool { self.isIn("Services") && self.isUnder(folderNamed: "Server") }

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

  /// Whether the text holds `needle` anywhere: a quick no before lines are looked at.
  func mentions(_ needle: String) -> Bool {
    self.bytes.range(of: Data(needle.utf8)) != nil
  }
}
