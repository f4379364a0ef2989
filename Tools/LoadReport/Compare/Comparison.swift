/// Two runs side by side: what became better and what worse.
///
/// Exit rule: 2 if the two cannot be compared (another scenario, or one of them measured nothing),
/// else 1 if any figure is worse by more than its tolerance or the second run breaks what the first
/// held, else 0.
package struct Comparison: Hashable, Sendable {
  /// The figures, in the order in which they are to be shown.
  package let figures: [ComparedFigure]
  /// Why the two cannot be compared; empty if they can.
  package let obstacles: [String]
  /// What else differs between the two, so that a reader can judge: another machine, another store.
  package let cautions: [String]
  /// What the first run held and the second did not.
  package let newlyBroken: [String]

  /// The comparison of a run with one before it.
  package init(
    before: RunResult, after: RunResult, tolerance: ComparisonTolerance = ComparisonTolerance()
  ) {
    self.obstacles = Self.obstacles(before, after)
    self.cautions = Self.cautions(before, after)
    self.newlyBroken = Self.newlyBroken(before, after)
    let measures = FigureMeasures(before: before, after: after, tolerance: tolerance)
    self.figures = measures.all.map(ComparedFigure.init)
  }

  /// The figures that are worse.
  package var worse: [ComparedFigure] { self.figures.filter { $0.judgement == .worse } }

  /// What `anju-load compare` exits with.
  package var exitCode: Int32 {
    if !self.obstacles.isEmpty { return 2 }
    return self.worse.isEmpty && self.newlyBroken.isEmpty ? 0 : 1
  }

  private static func obstacles(_ before: RunResult, _ after: RunResult) -> [String] {
    var obstacles: [String] = []
    if before.scenario.name != after.scenario.name {
      obstacles.append(
        "they ran other scenarios: \(before.scenario.name) and \(after.scenario.name)")
    }
    if before.scenario.schedule != after.scenario.schedule {
      obstacles.append("they were asked at other rates or for another time")
    }
    for (which, run) in [("first", before), ("second", after)]
    where RunVerdict(of: run).standing == .notMeasured {
      obstacles.append("the \(which) measured nothing: its generator could not keep up")
    }
    return obstacles
  }

  private static func cautions(_ before: RunResult, _ after: RunResult) -> [String] {
    let (first, second) = (before.setting, after.setting)
    let pairs = [
      ("processor", first.processor, second.processor),
      ("count of processors", String(first.cores), String(second.cores)),
      ("operating system", first.system, second.system), ("store", first.store, second.store),
      (
        "count of persons stored", Figure.count(before.scenario.personsStored),
        Figure.count(after.scenario.personsStored)
      ), ("seed", String(before.scenario.seed), String(after.scenario.seed)),
    ]
    return pairs.filter { $0.1 != $0.2 }.map { "the \($0.0) was \($0.1) and is \($0.2)" }
  }

  private static func newlyBroken(_ before: RunResult, _ after: RunResult) -> [String] {
    let held = Set(RunVerdict(of: before).findings.filter(\.isHeld).map(\.aim))
    return RunVerdict(of: after).findings.filter { !$0.isHeld && held.contains($0.aim) }
      .map { "\($0.aim): \($0.found)" }
  }
}
