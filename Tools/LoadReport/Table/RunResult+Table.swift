extension RunResult {
  /// The result as a table for a terminal: what was asked, each operation's latencies, what it
  /// cost, and the verdict. It ends with a line break.
  package func table() -> String {
    let verdict = RunVerdict(of: self)
    let parts = [
      self.heading, self.latencyTable.lines, self.errorLines, self.costTable?.lines ?? [],
      self.verdictLines(verdict),
    ]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n") + "\n"
  }

  private var heading: [String] {
    let summary = RunSummary(of: self)
    let lines =
      ["\(self.scenario.name): \(self.scenario.summary)"] + [
        summary.asked, summary.done, summary.machine, "To do it again: \(self.setting.command)",
      ]
    return lines.map(TextTable.printable)
  }

  private var latencyTable: TextTable {
    var table = TextTable(
      [("operation", .left), ("calls", .right), ("failed", .right)]
        + Percentile.told.map { ($0.name, .right) } + [("longest", .right)])
    for operation in self.operations {
      let latencies = Percentile.told.map(operation.valueUs) + [operation.latencies.maxUs]
      table.add(
        [operation.name, Figure.count(operation.begun), Figure.count(operation.failed)]
          + latencies.map { $0.map(Figure.latency) ?? "–" })
    }
    return table
  }

  private var errorLines: [String] {
    self.calls.flatMap { operation in
      operation.errors.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { code, times in
        TextTable.printable("\(operation.name) failed \(Figure.count(times)) × \(code)")
      }
    }
  }

  private var costTable: TextTable? {
    if self.costs.services.isEmpty { return nil }
    var table = TextTable(
      [("each \(self.costs.unit)", .left)] + self.costs.services.map { ($0.service, .right) }
        + [("all", .right)])
    for figure in CostFigure.allCases {
      table.add([figure.name] + self.costs.cells(of: figure))
    }
    return table
  }

  private func verdictLines(_ verdict: RunVerdict) -> [String] {
    let findings = verdict.findings.map { finding in
      "\(finding.isHeld ? "held  " : "BROKEN")  \(finding.aim): \(finding.found)"
    }
    let gaveWay = RunSummary(of: self).gaveWay.map { [$0] } ?? []
    return (findings + gaveWay + [verdict.headline]).map(TextTable.printable)
  }
}
