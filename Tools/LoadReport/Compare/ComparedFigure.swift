/// A figure of two runs, side by side.
package struct ComparedFigure: Hashable, Sendable {
  /// Which way a figure is better.
  package enum Better: Hashable, Sendable {
    /// Less of it is better: latencies, costs, failures.
    case lower
    /// More of it is better: rates.
    case higher
  }

  /// What a comparison says of a figure.
  package enum Judgement: String, Hashable, Sendable {
    /// It is better by more than the tolerance.
    case better
    /// It differs by no more than the tolerance.
    case same
    /// It is worse by more than the tolerance.
    case worse
    /// One run does not have it, or has too few calls to tell.
    case unknown
  }

  /// What it is, such as `Intake.SubmitApplication p99`.
  package let name: String
  /// Its value in the first run, with its unit; `–` if it has none.
  package let before: String
  /// Its value in the second run, with its unit; `–` if it has none.
  package let after: String
  /// The change as a share of the first: 0.1 is a tenth more; nil where that has no meaning.
  package let change: Double?
  /// What the comparison says of it.
  package let judgement: Judgement

  /// What is compared of a figure.
  struct Measure {
    var name: String
    var before: Double?
    var after: Double?
    var better = Better.lower
    /// The share of the first value within which both are the same.
    var tolerance: Double
    /// A difference that is too small to matter, in the figure's own unit.
    var floor = 0.0
    /// Whether it can be told at all; false where there were too few calls.
    var isTold = true
    var text: (Double) -> String
  }

  init(_ measure: Measure) {
    self.name = measure.name
    self.before = measure.before.map(measure.text) ?? "–"
    self.after = measure.after.map(measure.text) ?? "–"
    guard let before = measure.before, let after = measure.after else {
      self.change = nil
      self.judgement = .unknown
      return
    }
    let difference = after - before
    self.change = before == 0 ? nil : difference / before
    if !measure.isTold {
      self.judgement = .unknown
    } else if abs(difference) <= max(measure.floor, abs(before) * measure.tolerance) {
      self.judgement = .same
    } else {
      self.judgement = (difference < 0) == (measure.better == .lower) ? .better : .worse
    }
  }
}
