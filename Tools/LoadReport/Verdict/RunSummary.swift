/// A run in sentences for somebody who decides by it and never ran one.
package struct RunSummary: Hashable, Sendable {
  /// What was asked of the system.
  package let asked: String
  /// What it did.
  package let done: String
  /// How long the slowest operation's callers waited; nil if nothing was answered.
  package let waited: String?
  /// What gave way first, and what was nearest to its end; nil if neither is known.
  package let gaveWay: String?
  /// What one unit cost in all services together; nil if that was not measured.
  package let cost: String?
  /// On what it ran.
  package let machine: String

  /// The sentences of a result.
  package init(of result: RunResult) {
    self.asked = Self.asked(of: result)
    self.done = Self.done(of: result)
    self.waited = Self.waited(of: result)
    self.gaveWay = Self.gaveWay(of: result)
    self.cost = Self.cost(of: result)
    self.machine = result.setting.sentence
  }

  private static func asked(of result: RunResult) -> String {
    let (rates, schedule) = (result.rates, result.scenario.schedule)
    let shape =
      switch schedule.shape {
      case .constant: "\(Figure.measured(schedule.peakPerS)) \(rates.units) a second"
      case .steps(let steps):
        "\(rates.units) in steps of \(Self.list(steps.ratesPerS)) a second"
      case .ramp(let ramp):
        "from \(Figure.measured(ramp.fromPerS)) to \(Figure.measured(ramp.toPerS)) "
          + "\(rates.units) a second"
      case .firstMorning(let morning):
        "the 09:00 rush after a holiday, from \(Figure.measured(morning.basePerS)) to "
          + "\(Figure.measured(morning.peakPerS)) \(rates.units) a second"
      case .endorsementWave(let wave):
        "the \(wave.days) days of a wave of endorsements, up to "
          + "\(Figure.measured(schedule.peakPerS)) \(rates.units) a second"
      }
    return "Asked: \(shape), for \(Figure.duration(schedule.durationUs)), "
      + "\(Figure.count(rates.asked)) in all, of a system that held "
      + "\(Figure.count(result.scenario.personsStored)) persons."
  }

  private static func list(_ rates: [Double]) -> String {
    let shown = rates.prefix(6).map(Figure.measured).joined(separator: ", ")
    return rates.count > 6 ? "\(shown), …" : shown
  }

  private static func done(of result: RunResult) -> String {
    let rates = result.rates
    let failed = result.calls.map(\.failed).reduce(0, +)
    let calls = result.calls.map(\.begun).reduce(0, +)
    let shed =
      rates.shed == 0
      ? ""
      : " \(Figure.count(rates.shed)) were not begun, because too many were under way; what they "
        + "would have waited is in no latency."
    return "Done: \(Figure.count(rates.completed)) of them to their end, "
      + "\(Figure.perSecond(rates.completedPerS)) until the last was answered; of "
      + "\(Figure.count(calls)) calls \(failed == 0 ? "none" : Figure.count(failed)) failed.\(shed)"
  }

  private static func waited(of result: RunResult) -> String? {
    let slowest = result.operations.compactMap { operation in
      operation.valueUs(at: .p99).map { (us: $0, operation: operation) }
    }.max { $0.us < $1.us }
    guard let slowest, let median = slowest.operation.valueUs(at: .p50) else { return nil }
    return "Callers waited longest for \(slowest.operation.name): half of its calls were answered "
      + "within \(Figure.latency(median)), 99 of 100 within \(Figure.latency(slowest.us))."
  }

  private static func gaveWay(of result: RunResult) -> String? {
    let first = RunVerdict(of: result).broken.first.map { finding in
      let since = finding.brokenAtS.map { ", for the first time \($0) s after the beginning" } ?? ""
      return "First to give way: \(finding.aim); found: \(finding.found)\(since)."
    }
    let parts = [first, result.nearestToItsEnd].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  private static func cost(of result: RunResult) -> String? {
    let figures: [CostFigure] = [.cpu, .rows, .fsyncs, .stored, .made]
    let parts = figures.compactMap { figure in
      result.costs.perUnit(figure).map { "\(figure.name) \(figure.text($0))" }
    }
    if parts.isEmpty { return nil }
    let told = parts.joined(separator: "; ")
    return "One \(result.costs.unit) cost in all services together: \(told)."
  }
}
