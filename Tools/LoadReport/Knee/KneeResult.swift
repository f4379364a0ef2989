/// A search for the knee as it ended, with every trial of it.
package struct KneeResult: Hashable, Sendable, Codable {
  /// The version of the written form.
  package static let versionNow = 1

  /// The version of the written form.
  package private(set) var version = KneeResult.versionNow
  /// The scenario's name, such as `life`.
  package var name: String
  /// What it does, as one sentence.
  package var summary: String
  /// What its arrivals are, in the plural.
  package var units: String
  /// The number from which its persons and choices were drawn.
  package var seed: UInt64
  /// How many persons the stores held before the first trial.
  package var personsStored: Int
  /// On what it ran, and how to do it again.
  package var setting: RunSetting
  /// How long each trial lasted, in seconds.
  package var secondsEach: Double
  /// The trials, in their order.
  package let trials: [KneeTrial]
  /// What was looked at after the last of them, over all that the stores hold.
  package let invariants: [InvariantCheck]
  /// The highest rate that holds, in arrivals a second; nil if none did.
  package let holdsPerS: Double?
  /// The lowest rate that does not; nil if all did.
  package let failsPerS: Double?
  /// Whether the search came to its end; else trials ran out before.
  package let isCertain: Bool
  /// Whether what does not hold failed by the load generator alone.
  package let isGeneratorLimited: Bool

  /// What a search found.
  ///
  /// - Parameters:
  ///   - search: the search, which must be over.
  ///   - trials: each of its trials.
  ///   - first: the first trial's run, for what all have in common.
  ///   - invariants: what was looked at after the last trial.
  package init(
    _ search: KneeSearch, trials: [KneeTrial], first: RunResult, invariants: [InvariantCheck] = []
  ) {
    guard case .found(let knee) = search.next else {
      preconditionFailure("the search is not over")
    }
    switch knee {
    case .at(let holds, let fails): (self.holdsPerS, self.failsPerS) = (holds, fails)
    case .atLeast(let holds): (self.holdsPerS, self.failsPerS) = (holds, nil)
    case .below(let fails): (self.holdsPerS, self.failsPerS) = (nil, fails)
    case .between(let holds, let fails): (self.holdsPerS, self.failsPerS) = (holds, fails)
    }
    if case .between = knee { self.isCertain = false } else { self.isCertain = true }
    self.isGeneratorLimited = search.isGeneratorLimited
    self.trials = trials
    self.invariants = invariants
    self.name = first.scenario.name
    self.summary = first.scenario.summary
    self.units = first.rates.units
    self.seed = first.scenario.seed
    self.personsStored = first.scenario.personsStored
    self.setting = first.setting
    self.secondsEach = Double(first.scenario.schedule.durationUs) / 1_000_000
  }

  /// What `anju-load knee` exits with: 0 where a rate was found that holds, for certain, and no
  /// invariant was found broken after it, else 1.
  package var exitCode: Int32 {
    self.isCertain && self.holdsPerS != nil && self.invariants.allSatisfy(\.isHeld) ? 0 : 1
  }

  /// How the stores were found after the last trial, as a sentence; nil if nobody looked.
  package var afterwards: String? {
    if self.invariants.isEmpty { return nil }
    let broken = self.invariants.filter { !$0.isHeld }.map { "\($0.promise): \($0.found)" }
    return broken.isEmpty
      ? "Afterwards every invariant was held."
      : "Afterwards it was not held that: \(broken.joined(separator: "; "))."
  }

  /// The answer in one line.
  package var headline: String {
    let held = self.holdsPerS.map { "\(Figure.plain($0)) \(self.units) a second" }
    if !self.isCertain {
      return "Not certain: the trials ran out. "
        + (held.map { "It held \($0)" } ?? "It held nothing that was tried")
        + (self.failsPerS.map { " and not \(Figure.plain($0))." } ?? ".")
    }
    guard let held else {
      let lowest = Figure.plain(self.failsPerS ?? 0)
      return "Does not hold \(lowest) \(self.units) a second, the lowest rate that was tried."
    }
    guard let failsPerS else { return "Holds \(held), the highest rate that was tried." }
    return "Holds \(held), and not \(Figure.plain(failsPerS))."
  }

  /// What gives way beyond what holds, as a sentence; nil if everything held.
  package var firstToGiveWay: String? {
    guard let failsPerS else { return nil }
    let beyond = "At \(Figure.plain(failsPerS)) a second"
    if self.isGeneratorLimited {
      return "\(beyond) the load generator itself could not keep up: the system may hold more."
    }
    let failed = self.trials.first { $0.perS == failsPerS && $0.standing == .broken }
    return failed?.broken.first.map { broken in
      let nearest = failed?.nearestToItsEnd.map { " \($0)" } ?? ""
      return "\(beyond) the first to give way is: \(broken).\(nearest)"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case version, name, summary, units, seed, setting, trials, invariants
    case personsStored = "persons_stored"
    case secondsEach = "seconds_each"
    case holdsPerS = "holds_per_s"
    case failsPerS = "fails_per_s"
    case isCertain = "certain"
    case isGeneratorLimited = "generator_limited"
  }
}

extension KneeResult: WrittenResult {
  static let noun = "result of a search"

  /// The result as JSON: one object, keys sorted, units in the keys' names.
  package func json() throws -> [UInt8] { try self.written() }

  /// Reads what `json()` wrote; throws a `ResultError` that says what is wrong and where.
  package init(json: [UInt8]) throws { try self.init(written: json) }
}
