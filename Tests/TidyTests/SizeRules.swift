/// How long things may be before they explain two ideas.
enum SizeRules {
  static let fileLinesMax = 400
  static let testFileLinesMax = 600
  static let functionLinesMax = 70
  static let lineColumnsMax = 100
  static let mainLinesMax = 80

  static func findings(_ file: SourceFile) -> [Finding] {
    var findings = self.functions(file)
    let limit = self.linesMax(file)
    if file.lines.count > limit {
      findings.append(
        Finding(
          path: file.path, line: 0,
          text: "has \(file.lines.count) lines; at most \(limit), split it by idea"))
    }
    for (index, line) in file.lines.enumerated() {
      // A literal cannot be broken, so what stands in one is not counted.
      let counted = line.contains("\"") || file.code[index].isEmpty ? file.code[index] : line
      let columns = self.isProse(line) ? line.count : counted.count
      if columns <= self.lineColumnsMax { continue }
      findings.append(
        Finding(
          path: file.path, line: index + 1,
          text: "has \(columns) columns; at most \(self.lineColumnsMax)"))
    }
    return findings
  }

  private static func linesMax(_ file: SourceFile) -> Int {
    if file.isInMain, file.name.hasSuffix("Server.swift") {
      return self.mainLinesMax
    }
    return file.isIn("Tests") ? self.testFileLinesMax : self.fileLinesMax
  }

  private static func isProse(_ line: String) -> Bool {
    line.drop { $0 == " " }.hasPrefix("//")
  }

  /// Functions and initializers from the line that begins them to the line of their closing brace;
  /// a `switch` of one line a case is a table, and its lines count once.
  private static func functions(_ file: SourceFile) -> [Finding] {
    var findings: [Finding] = []
    var open: [(name: String, line: Int, depth: Int)] = []
    var pending: (name: String, line: Int)?
    var depth = 0
    for (index, line) in file.code.enumerated() {
      if let name = self.functionName(line) { pending = (name, index) }
      for character in line {
        if character == "{" {
          if let begun = pending { open.append((begun.name, begun.line, depth)) }
          pending = nil
          depth += 1
        } else if character == "}" {
          depth -= 1
          guard let last = open.last, last.depth == depth else { continue }
          open.removeLast()
          let count = self.lines(file.code[last.line...index])
          if count > self.functionLinesMax {
            findings.append(
              Finding(
                path: file.path, line: last.line + 1,
                text: "\(last.name) has \(count) lines; at most \(self.functionLinesMax)"))
          }
        }
      }
    }
    return findings
  }

  private static func lines(_ body: ArraySlice<String>) -> Int {
    body.count { line in
      let start = line.drop { $0 == " " }
      return !(start.hasPrefix("case ") && start.contains(":"))
    }
  }

  private static func functionName(_ line: String) -> String? {
    let words = line.split(separator: " ")
    for (index, word) in words.enumerated() {
      if word == "func", index + 1 < words.count {
        return String(words[index + 1].prefix { $0 != "(" && $0 != "<" })
      }
      if word.hasPrefix("init(") || word.hasPrefix("init?(") || word.hasPrefix("init<") {
        // A call of another initializer is no declaration.
        return word.contains(".") || index > 0 && words[index - 1] == "=" ? nil : "init"
      }
      if !self.modifiers.contains(word), !word.hasPrefix("@") { return nil }
    }
    return nil
  }

  private static let modifiers: Set<Substring> = [
    "public", "package", "internal", "private", "fileprivate", "static", "mutating", "consuming",
    "override", "final", "convenience", "required", "nonisolated", "class", "borrowing",
  ]
}
