/// Finds the highest rate that a system holds: a machine that says which rate to try next and is
/// told whether it held.
///
/// Rates are looked for on a grid from `lowPerS` in steps of `stepPerS` up to `highPerS`. It
/// doubles until a rate does not hold, halves the gap until two neighbours are left, and then has
/// both confirmed: no rate is decided by one trial, so that one noisy trial, wherever it falls and
/// whichever way it errs, does not move the answer. The lowest rate that fails is what counts, so a
/// rate above one that does not hold is never the knee.
package struct KneeSearch: Hashable, Sendable {
  /// The most trials that a search may be given.
  package static let trialsMax = 1_000
  /// The most rates that a grid may have.
  package static let ratesMax = 1_000_000

  /// What to do next.
  package enum Step: Hashable, Sendable {
    /// Load the system at this rate, in calls a second, and `record` whether it held.
    case tryRate(perS: Double)
    /// The search is over.
    case found(Knee)
  }

  /// What a search found.
  package enum Knee: Hashable, Sendable {
    /// The highest rate on the grid that holds; the next one does not.
    case at(perS: Double, failsPerS: Double)
    /// The highest rate of the grid holds; the knee lies above it.
    case atLeast(perS: Double)
    /// Not even the lowest rate holds.
    case below(perS: Double)
    /// The trials ran out before it was certain. `holdsPerS` is nil if none held.
    case between(holdsPerS: Double?, failsPerS: Double?)
  }

  /// What is known of one rate.
  private struct Tally: Hashable {
    var held = 0
    var failed = 0
    /// How many of those that failed measured nothing.
    var unmeasured = 0

    /// Whether it holds by what is known; nil while it is even.
    var standing: Bool? { self.held == self.failed ? nil : self.held > self.failed }
    /// Whether one more trial could not change that.
    var isSure: Bool { max(self.held, self.failed) >= 2 }
  }

  private let lowPerS: Double
  private let stepPerS: Double
  /// The last index of the grid.
  private let last: Int
  private let trialsAllowed: Int
  private var tallies: [Int: Tally] = [:]
  /// How many trials were recorded.
  package private(set) var trials = 0

  /// A search. Throws every reason why it cannot be.
  ///
  /// - Parameters:
  ///   - lowPerS: the lowest rate to try, in calls a second; above 0.
  ///   - highPerS: the highest; not below `lowPerS`. The grid's last rate is not above it.
  ///   - stepPerS: how near the answer is to be; above 0.
  ///   - trialsMax: how many trials it may take.
  package init(
    lowPerS: Double, highPerS: Double, stepPerS: Double, trialsMax: Int = 40
  ) throws(KneeError) {
    let reasons = Self.reasons(lowPerS, highPerS, stepPerS, trialsMax)
    guard reasons.isEmpty else { throw KneeError(reasons: reasons) }
    self.lowPerS = lowPerS
    self.stepPerS = stepPerS
    self.last = Int(((highPerS - lowPerS) / stepPerS + 1e-9).rounded(.down))
    self.trialsAllowed = trialsMax
  }

  private static func reasons(
    _ low: Double, _ high: Double, _ step: Double, _ trials: Int
  ) -> [String] {
    var reasons: [String] = []
    let top = Figure.plain(Schedule.ratePerSMax)
    if !(low > 0 && low <= Schedule.ratePerSMax) {
      reasons.append("the lowest rate must be above 0 and at most \(top)")
    }
    if !(high >= low && high <= Schedule.ratePerSMax) {
      reasons.append("the highest rate must not be below the lowest, and at most \(top)")
    }
    if !(step > 0 && step.isFinite) {
      reasons.append("the step must be above 0")
    } else if (high - low) / step >= Double(Self.ratesMax) {
      reasons.append("the step is too small: at most \(Self.ratesMax) rates can be told apart")
    }
    if !(1...Self.trialsMax).contains(trials) {
      reasons.append("the trials must be from 1 to \(Self.trialsMax)")
    }
    return reasons
  }

  /// What to do next. The same until a trial is recorded.
  package var next: Step {
    if let index = self.nextIndex {
      if self.trials < self.trialsAllowed { return .tryRate(perS: self.rate(index)) }
      return .found(
        .between(
          holdsPerS: self.highestHeld.map(self.rate), failsPerS: self.lowestFailed.map(self.rate)))
    }
    guard let held = self.highestHeld else { return .found(.below(perS: self.lowPerS)) }
    if held == self.last { return .found(.atLeast(perS: self.rate(held))) }
    return .found(.at(perS: self.rate(held), failsPerS: self.rate(held + 1)))
  }

  /// Takes in what the rate that `next` named came to. What was not measured did not hold. Once the
  /// search is over it is a broken promise.
  package mutating func record(_ standing: RunVerdict.Standing) {
    guard case .tryRate = self.next, let index = self.nextIndex else {
      preconditionFailure("the search is over; there is no trial to record")
    }
    self.trials += 1
    var tally = self.tallies[index] ?? Tally()
    switch standing {
    case .held: tally.held += 1
    case .broken: tally.failed += 1
    case .notMeasured:
      tally.failed += 1
      tally.unmeasured += 1
    }
    self.tallies[index] = tally
  }

  /// Whether the lowest rate that does not hold failed by the generator alone: the system may hold
  /// more than was found.
  package var isGeneratorLimited: Bool {
    guard let tally = self.lowestFailed.flatMap({ self.tallies[$0] }) else { return false }
    return tally.unmeasured == tally.failed
  }

  /// The grid's rate.
  private func rate(_ index: Int) -> Double { self.lowPerS + Double(index) * self.stepPerS }

  private var lowestFailed: Int? {
    self.tallies.filter { $0.value.standing == false }.keys.min()
  }

  /// The highest rate that holds, below the lowest one that does not.
  private var highestHeld: Int? {
    let failed = self.lowestFailed ?? .max
    return self.tallies.filter { $0.value.standing == true && $0.key < failed }.keys.max()
  }

  /// The rate to try; nil if all is certain.
  private var nextIndex: Int? {
    if let even = self.tallies.first(where: { $0.value.standing == nil })?.key { return even }
    let (held, failed) = (self.highestHeld, self.lowestFailed)
    guard let failed else {
      guard let held else { return 0 }
      return held < self.last ? min(held * 2 + 1, self.last) : self.unsure(held)
    }
    guard let held else { return failed > 0 ? failed / 2 : self.unsure(failed) }
    return failed - held > 1 ? (held + failed) / 2 : self.unsure(held) ?? self.unsure(failed)
  }

  /// The rate itself if it has to be tried once more; nil if it is certain.
  private func unsure(_ index: Int) -> Int? {
    self.tallies[index].map(\.isSure) ?? false ? nil : index
  }
}

/// Why a search cannot be: every reason, each a sentence.
package struct KneeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The reasons.
  package let reasons: [String]

  package var description: String {
    "the search is refused: " + self.reasons.joined(separator: "; ")
  }
}
