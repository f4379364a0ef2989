extension Comparison {
  /// The comparison as a table for a terminal. It ends with a line break.
  package func table() -> String {
    var table = TextTable(
      [
        ("figure", .left), ("before", .right), ("after", .right), ("change", .right), ("", .left),
      ])
    for figure in self.figures {
      table.add(
        [
          figure.name, figure.before, figure.after, figure.change.map(Self.change) ?? "",
          figure.judgement == .same ? "" : Self.word(figure.judgement),
        ])
    }
    let parts = [
      self.obstacles.map { "cannot be compared: \($0)" }, self.cautions.map { "mind: \($0)" },
      table.lines, self.newlyBroken.map { "no longer held: \($0)" }, [self.conclusion],
    ]
    return parts.filter { !$0.isEmpty }
      .map { $0.map(TextTable.printable).joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private static func word(_ judgement: ComparedFigure.Judgement) -> String {
    switch judgement {
    case .better: "better"
    case .same: "same"
    case .worse: "WORSE"
    case .unknown: "not told"
    }
  }

  private static func change(_ share: Double) -> String {
    if share >= 9 { return "× \(Figure.measured(share + 1))" }
    let text = "\(Figure.plain((share * 1_000).rounded() / 10)) %"
    return share > 0.000_5 ? "+\(text)" : text
  }

  private var conclusion: String {
    if !self.obstacles.isEmpty { return "The two cannot be compared." }
    let better = self.figures.count { $0.judgement == .better }
    let broken = self.newlyBroken.isEmpty ? "" : "; \(self.newlyBroken.count) no longer held"
    return "\(better) better, \(self.worse.count) worse\(broken)."
  }
}
