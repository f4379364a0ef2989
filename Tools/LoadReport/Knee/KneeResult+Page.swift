extension KneeResult {
  /// The search as one HTML page that needs nothing else.
  package func page() -> String {
    let sentences = [
      self.firstToGiveWay, self.afterwards,
      "Each of \(Figure.count(self.trials.count)) trials lasted "
        + "\(Figure.duration(Int64(self.secondsEach * 1_000_000))) at one rate. A rate holds if "
        + "everything is held that a run was to hold; no rate is decided by one trial.",
    ]
    let kind = self.exitCode == 0 ? "held" : "broken"
    let plots = self.trials.allSatisfy(\.p99Us.isEmpty) ? [] : [self.plotSection]
    return PageWords.page(
      title: "Where \(self.name) gives way", lead: self.summary,
      [
        PageWords.verdict(
          kind, headline: self.headline, sentences: sentences.compactMap { $0 })
      ] + plots + [
        self.trialSection,
        self.setting.section(seed: self.seed, personsStored: self.personsStored),
        PageWords.explanations,
      ])
  }

  private var plotSection: Markup {
    let plot = KneePlot(of: self)
    return PageWords.section(
      "How long callers waited at each rate",
      [
        .tag(
          "p", ["class": "note"],
          text: "Each point is a trial: a full one held, a cross did not. The curve is the 99th "
            + "percentile of the slowest operation."), plot.drawing,
      ])
  }

  private var trialSection: Markup {
    let rows = self.trials.enumerated().map { index, trial in
      PageTable.row(
        [
          (String(index + 1), "n"), (Figure.plain(trial.perS), "n"),
          (Figure.measured(trial.completedPerS), "n"),
          (trial.slowest.map { Figure.latency($0.p99Us) } ?? "–", "n"),
          (trial.standing.inWords, trial.standing == .held ? "good" : "bad"),
          (trial.broken.first ?? "", ""),
        ])
    }
    return PageWords.section(
      "The trials, in their order",
      [
        PageTable.table(
          ["", "asked each second", "completed", "p99 of the slowest", "", "first not held"],
          numbers: 0..<4, rows)
      ])
  }
}
