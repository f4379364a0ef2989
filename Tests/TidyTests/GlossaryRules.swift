/// One English word per legal term: the words that are *not* used for one, each with the word that
/// is. Looked for in RPCs, in the values of the contract's enums and in the cases of domain enums.
enum GlossaryRules {
  /// Word, and the glossary's word for it.
  static let instead = [
    "renew": "endorse", "prolong": "endorse", "recognise": "convert", "recognize": "convert",
    "transfer": "convert", "revoke": "cancel", "void": "cancel", "annul": "cancel",
    "freeze": "suspend", "reject": "refuse", "deny": "refuse", "decline": "refuse",
    "finish": "complete", "grant": "approve", "audit": "review", "examine": "review",
    "supply": "supplement", "amend": "supplement", "grantee": "applicant", "clerk": "officer",
    "ward": "guardian",
  ]

  /// The words of the glossary: every word of its second column.
  static func words(ofGlossary text: String) -> Set<String> {
    let cells = text.split(separator: "\n").compactMap { line -> Substring? in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false)
      return line.hasPrefix("|") && cells.count > 3 ? cells[2] : nil
    }
    return Set(cells.flatMap { $0.split { !$0.isLetter } }.map { $0.lowercased() })
  }

  static func findings(_ file: SourceFile) -> [Finding] {
    let isProto = file.path.hasPrefix("proto/anju/") && file.path.hasSuffix(".proto")
    guard isProto || file.isUnder(folderNamed: "Domain") else { return [] }
    return file.findings { line in
      guard let name = isProto ? self.nameInProto(line) : self.nameInSwift(line) else { return nil }
      let word = self.words(of: name).first { self.instead[self.stem($0)] != nil }
      guard let word, let better = self.instead[self.stem(word)] else { return nil }
      return "\(name): the glossary's word for \(word) is \(better)"
    }
  }

  private static func nameInProto(_ line: String) -> String? {
    let name =
      line.firstMatch(of: /^\s*rpc ([A-Za-z]+)/)?.1
      ?? line.firstMatch(of: /^\s*([A-Z][A-Z0-9_]+) = [0-9]+;/)?.1
    return name.map(String.init)
  }

  private static func nameInSwift(_ line: String) -> String? {
    line.firstMatch(of: /^\s*case ([a-z][A-Za-z0-9]*)/).map { String($0.1) }
  }

  /// `issueRefused`, `ISSUE_REFUSED` and `IssueRefused` are `issue` and `refused`.
  static func words(of name: String) -> [String] {
    if name == name.uppercased() { return name.lowercased().split(separator: "_").map(String.init) }
    var words: [String] = []
    for character in name {
      if character.isUppercase || words.isEmpty { words.append("") }
      words[words.count - 1] += character.lowercased()
    }
    return words
  }

  private static func stem(_ word: String) -> String {
    for ending in ["ed", "d", "s"] where word.hasSuffix(ending) {
      let stem = String(word.dropLast(ending.count))
      if self.instead[stem] != nil { return stem }
    }
    return word
  }
}
