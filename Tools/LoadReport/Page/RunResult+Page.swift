extension RunResult {
  /// The result as one HTML page that needs nothing else: no script, no outside resource, and its
  /// own policy forbids both. It is well-formed XML too.
  package func page() -> String {
    let verdict = RunVerdict(of: self)
    let sections =
      [self.shortSection(verdict), self.findingsSection(verdict)] + self.plotSections
      + [self.latencySection] + [self.errorSection, self.costSection].compactMap { $0 }
      + [self.settingSection, PageWords.explanations]
    return PageWords.page(
      title: "Load report: \(self.scenario.name)", lead: self.scenario.summary, sections)
  }

  private func shortSection(_ verdict: RunVerdict) -> Markup {
    let kind =
      switch verdict.standing {
      case .held: "held"
      case .broken: "broken"
      case .notMeasured: "unmeasured"
      }
    let summary = RunSummary(of: self)
    let sentences = [summary.asked, summary.done, summary.waited, summary.gaveWay, summary.cost]
    return PageWords.verdict(
      kind, headline: verdict.headline, sentences: sentences.compactMap { $0 })
  }

  private func findingsSection(_ verdict: RunVerdict) -> Markup {
    let rows = verdict.findings.map { finding in
      let since = finding.brokenAtS.map { "after \($0) s" } ?? ""
      return PageTable.row(
        [
          (finding.isHeld ? "held" : "not held", finding.isHeld ? "good" : "bad"),
          (finding.aim, ""), (finding.found, ""), (since, ""),
        ])
    }
    return PageWords.section(
      "What was to be held",
      [PageTable.table(["", "what", "found", "for the first time"], rows)])
  }

  private var plotSections: [Markup] {
    let plots = OperationPlots(of: self)
    let load = PageWords.section(
      "What was asked for",
      [
        .tag(
          "p", ["class": "note"],
          text: "The line is how many \(self.rates.units) were asked for each second; "
            + "bars are calls that failed."), plots.load,
      ])
    if plots.isEmpty { return [load] }
    let others = plots.leftOut == 0 ? "" : " The \(plots.leftOut) quickest are in the table only."
    return [
      load,
      PageWords.section(
        "How long callers waited, over time",
        [
          .tag("p", ["class": "note"], text: PageWords.overTime + others), plots.legend,
          plots.latencyOverTime,
        ]),
      PageWords.section(
        "How long callers waited, from the quickest to the slowest call",
        [.tag("p", ["class": "note"], text: PageWords.byShare), plots.legend, plots.percentiles]),
    ]
  }

  private var latencySection: Markup {
    let heading =
      ["operation", "calls", "failed"] + Percentile.told.map(\.name) + ["longest", "mean"]
    let rows = self.operations.map { operation in
      let mean = operation.latencies.meanUs.map { Int64($0.rounded()) }
      let latencies = Percentile.told.map(operation.valueUs) + [operation.latencies.maxUs, mean]
      return PageTable.row(
        [
          (operation.name, ""), (Figure.count(operation.begun), "n"),
          (Figure.count(operation.failed), operation.failed == 0 ? "n" : "n bad"),
        ] + latencies.map { ($0.map(Figure.latency) ?? "–", "n") })
    }
    return PageWords.section(
      "Each operation", [PageTable.table(heading, numbers: 1..<Int.max, rows)])
  }

  private var errorSection: Markup? {
    let rows = self.calls.flatMap { operation in
      operation.errors.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { code, times in
        PageTable.row([(operation.name, ""), (code, ""), (Figure.count(times), "n")])
      }
    }
    if rows.isEmpty { return nil }
    return PageWords.section(
      "What failed", [PageTable.table(["operation", "code", "calls"], numbers: 2..<Int.max, rows)])
  }

  private var costSection: Markup? {
    if self.costs.services.isEmpty { return nil }
    let rows = CostFigure.allCases.map { figure in
      PageTable.row([(figure.name, "")] + self.costs.cells(of: figure).map { ($0, "n") })
    }
    let note =
      "Shared among \(Figure.count(self.costs.units)) units of work. "
      + "A dash stands where it was not measured."
    return PageWords.section(
      "What one \(self.costs.unit) cost",
      [
        .tag("p", ["class": "note"], text: note),
        PageTable.table(
          [""] + self.costs.services.map(\.service) + ["all"], numbers: 1..<Int.max, rows),
      ])
  }

  private var settingSection: Markup {
    self.setting.section(
      seed: self.scenario.seed, personsStored: self.scenario.personsStored)
  }
}
