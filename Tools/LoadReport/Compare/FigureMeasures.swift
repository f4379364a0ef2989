/// The figures that a comparison takes from two runs.
struct FigureMeasures {
  let before: RunResult
  let after: RunResult
  let tolerance: ComparisonTolerance

  /// Rates first, then each operation that either run has, then costs.
  var all: [ComparedFigure.Measure] {
    let names = self.before.operations.map(\.name)
    let more = self.after.operations.map(\.name).filter { !names.contains($0) }
    return [self.rate] + (names + more).flatMap(self.operation) + self.costs
  }

  private var rate: ComparedFigure.Measure {
    ComparedFigure.Measure(
      name: "\(self.after.rates.units) completed", before: self.before.rates.completedPerS,
      after: self.after.rates.completedPerS, better: .higher, tolerance: self.tolerance.rate,
      text: Figure.perSecond)
  }

  private func operation(_ name: String) -> [ComparedFigure.Measure] {
    let first = self.before.operations.first { $0.name == name }
    let second = self.after.operations.first { $0.name == name }
    let failures = ComparedFigure.Measure(
      name: "\(name) failed of a million", before: first?.failedPerMillion,
      after: second?.failedPerMillion, tolerance: self.tolerance.failures, text: Figure.measured)
    return [failures]
      + Percentile.told.map { percentile in
        let fewest = min(first?.latencies.count ?? 0, second?.latencies.count ?? 0)
        let beyond = fewest - percentile.rank(of: fewest)
        return ComparedFigure.Measure(
          name: "\(name) \(percentile.name)",
          before: first?.valueUs(at: percentile).map(Double.init),
          after: second?.valueUs(at: percentile).map(Double.init),
          tolerance: percentile > .p99 ? self.tolerance.tail : self.tolerance.latency,
          floor: self.tolerance.latencyFloorUs,
          isTold: beyond >= self.tolerance.callsBeyondMin,
          text: { Figure.latency(Int64($0.rounded())) })
      }
  }

  private var costs: [ComparedFigure.Measure] {
    CostFigure.allCases.compactMap { figure in
      let values = [self.before.costs, self.after.costs].map { costs in
        figure.isShared ? costs.perUnit(figure) : costs.total(figure).map(Double.init)
      }
      if values.allSatisfy({ $0 == nil }) { return nil }
      let share = figure.isShared ? " each \(self.after.costs.unit)" : ""
      return ComparedFigure.Measure(
        name: "\(figure.name)\(share)", before: values[0], after: values[1],
        tolerance: self.tolerance.cost, text: figure.text)
    }
  }
}
