/// What may not stand in any file of ours, code or prose.
enum TextRules {
  static func findings(_ file: SourceFile) -> [Finding] {
    guard (self.marks + self.machinePlaces).contains(where: file.mentions) else { return [] }
    return file.lines.enumerated().compactMap { index, line in
      self.refusal(of: line).map { Finding(path: file.path, line: index + 1, text: $0) }
    }
  }

  private static func refusal(of line: String) -> String? {
    for mark in self.marks where CallRules.holds(line, mark) {
      let rest = line.split(separator: mark, maxSplits: 1).last ?? ""
      let isNumbered = rest.wholeMatch(of: /\(#[0-9]+\): .*/) != nil
      if !isNumbered { return "\(mark) without an issue's number: write \(mark)(#12): what" }
    }
    for place in self.machinePlaces where line.contains(place) {
      return "names a place on somebody's machine: \(place)"
    }
    return nil
  }

  // Put together here, so that this file does not break its own rule.
  private static let marks = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
  private static let machinePlaces = [
    "/ro" + "ot/", "/ho" + "me/", "/wo" + "rk/", "/Us" + "ers/", "/opt/sw" + "ift",
  ]
}
