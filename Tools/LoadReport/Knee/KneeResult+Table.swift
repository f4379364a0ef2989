extension RunVerdict.Standing {
  /// What it came to, in words.
  package var inWords: String {
    switch self {
    case .held: "held"
    case .broken: "not held"
    case .notMeasured: "not measured"
    }
  }
}

extension KneeResult {
  /// The search as a table for a terminal, a line a trial. It ends with a line break.
  package func table() -> String {
    var table = TextTable(
      [
        ("asked each second", .right), ("", .left), ("completed", .right),
        ("p99 of the slowest", .right), ("slowest", .left),
      ])
    for trial in self.trials {
      table.add(
        [
          Figure.plain(trial.perS), trial.standing.inWords, Figure.measured(trial.completedPerS),
          trial.slowest.map { Figure.latency($0.p99Us) } ?? "–", trial.slowest?.name ?? "",
        ])
    }
    let heading = [
      "\(self.name): \(self.summary)",
      "Each trial: \(Figure.duration(Int64(self.secondsEach * 1_000_000))). "
        + self.setting.sentence, "To do it again: \(self.setting.command)",
    ]
    let answer = [self.headline, self.firstToGiveWay, self.afterwards].compactMap { $0 }
    return [heading, table.lines, answer]
      .map { $0.map(TextTable.printable).joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }
}
