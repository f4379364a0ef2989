/// Everything that one run of a load found out: what was asked of which system, what was held, what
/// it cost, and whether all was right afterwards. From it alone the table, the page and the
/// comparison are drawn.
package struct RunResult: Hashable, Sendable, Codable {
  /// The version of the written form; raised with every change that an older reader would misread.
  package static let versionNow = 1

  /// The version of the written form.
  package private(set) var version = RunResult.versionNow
  /// What was asked.
  package var scenario: ScenarioFacts
  /// On what, and how to do it again.
  package var setting: RunSetting
  /// What it was to hold.
  package var aims: RunAims
  /// How much was asked and how much was done.
  package var rates: RunRates
  /// What became of the calls, one operation each, in the order in which they are to be shown.
  package var operations: [OperationResult]
  /// Those that are calls: a flow that failed failed with one of its steps.
  package var calls: [OperationResult] { self.operations.filter { !$0.isFlow } }
  /// What it cost.
  package var costs: RunCosts
  /// What was looked at afterwards.
  package var invariants: [InvariantCheck]
  /// What was nearest to its end while it was loaded, and so gives way beyond, as a sentence; nil
  /// if nobody looked.
  package var nearestToItsEnd: String?

  /// A run's result.
  package init(
    scenario: ScenarioFacts, setting: RunSetting, aims: RunAims, rates: RunRates,
    operations: [OperationResult], costs: RunCosts, invariants: [InvariantCheck],
    nearestToItsEnd: String? = nil
  ) {
    self.scenario = scenario
    self.setting = setting
    self.aims = aims
    self.rates = rates
    self.operations = operations
    self.costs = costs
    self.invariants = invariants
    self.nearestToItsEnd = nearestToItsEnd
  }

  private enum CodingKeys: String, CodingKey {
    case version, scenario, setting, aims, rates, operations, costs, invariants
    case nearestToItsEnd = "nearest_to_its_end"
  }
}

/// What a run asked.
package struct ScenarioFacts: Hashable, Sendable, Codable {
  /// Its name, such as `life`.
  package var name: String
  /// What it does, as one sentence for somebody who never saw it.
  package var summary: String
  /// When its calls were to start.
  package var schedule: Schedule
  /// The number from which all its persons and choices were drawn.
  package var seed: UInt64
  /// How many persons the stores held before it began.
  package var personsStored: Int

  /// A scenario's facts.
  package init(
    name: String, summary: String, schedule: Schedule, seed: UInt64, personsStored: Int
  ) {
    self.name = name
    self.summary = summary
    self.schedule = schedule
    self.seed = seed
    self.personsStored = personsStored
  }

  private enum CodingKeys: String, CodingKey {
    case name, summary, schedule, seed
    case personsStored = "persons_stored"
  }
}
