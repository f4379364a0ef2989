/// An opinion's text and reasons as one text, so that they are sealed together: the officer's text
/// on the first line, then a line for each reason, its code and its text between a tab.
///
/// Neither holds a line break or a tab: `OpinionRules` refuses control characters, and a refused
/// issue has the catalogue's own sentence.
enum ReasonLines {
  static func written(text: String, reasons: [CaseReason]) -> String {
    ([text] + reasons.map { "\($0.code)\t\($0.text)" }).joined(separator: "\n")
  }

  static func read(_ lines: String) -> (text: String, reasons: [CaseReason]) {
    let parts = lines.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    let reasons = parts.dropFirst().map { line in
      let fields = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      return CaseReason(
        code: fields.first.map(String.init) ?? "",
        text: fields.count > 1 ? String(fields[1]) : "")
    }
    return (parts.first.map(String.init) ?? "", reasons)
  }
}
