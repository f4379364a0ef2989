/// What the documents promise: links that lead somewhere, commands that exist.
enum DocumentRules {
  /// Relative links and paths in a Markdown file that lead nowhere.
  static func deadLinks(_ file: SourceFile, has: (String) -> Bool) -> [Finding] {
    file.lines.enumerated().flatMap { index, line in
      line.matches(of: /\]\(([^)#\s]+)[^)]*\)/).compactMap { match in
        let target = String(match.1)
        if target.contains("://") || target.hasPrefix("mailto:") { return nil }
        let path = self.resolved(target, in: file.folders.map(String.init))
        if has(path) { return nil }
        return Finding(
          path: file.path, line: index + 1, text: "links to \(path), which is not there")
      }
    }
  }

  /// `./dev` commands in a Markdown file that `./dev` does not know.
  static func unknownCommands(_ file: SourceFile, known: Set<String>) -> [Finding] {
    file.lines.enumerated().flatMap { index, line in
      line.matches(of: /\.\/dev ([a-z]+)/).compactMap { match in
        known.contains(String(match.1))
          ? nil
          : Finding(
            path: file.path, line: index + 1, text: "./dev \(match.1): there is no such command")
      }
    }
  }

  /// The commands that the script's `case` knows.
  static func commands(ofDev script: SourceFile) -> Set<String> {
    Set(
      script.lines.compactMap { line in
        line.wholeMatch(of: /\s{4}([a-z]+)\) .*;;/).map { String($0.1) }
      })
  }

  private static func resolved(_ target: String, in folders: [String]) -> String {
    var parts = target.hasPrefix("/") ? [] : folders
    for part in target.split(separator: "/") {
      if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(String(part)) }
    }
    return parts.joined(separator: "/")
  }
}
