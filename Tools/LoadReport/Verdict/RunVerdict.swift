/// Whether a run held what it was to hold, each aim by itself, and what gave way first.
package struct RunVerdict: Hashable, Sendable {
  /// What a run came to.
  package enum Standing: String, Hashable, Sendable, Codable {
    /// Everything was held.
    case held
    /// Something was not.
    case broken
    /// The generator itself was too slow: the latencies say nothing about the system.
    case notMeasured = "not_measured"
  }

  /// What the run came to.
  package let standing: Standing
  /// Everything that was to be held, with what was found.
  package let findings: [AimFinding]

  /// What follows from a result.
  package init(of result: RunResult) {
    let generator = AimFinding.generator(of: result)
    let others =
      AimFinding.latencies(of: result) + [AimFinding.failures(of: result)]
      + [AimFinding.completion(of: result)] + AimFinding.invariants(of: result)
    self.findings = [generator] + others
    if !generator.isHeld {
      self.standing = .notMeasured
    } else {
      self.standing = others.allSatisfy(\.isHeld) ? .held : .broken
    }
  }

  /// Whether everything was held: what a search for the knee asks of each trial.
  package var isHeld: Bool { self.standing == .held }

  /// What was not held, earliest first; what no second can be told of comes last.
  package var broken: [AimFinding] {
    self.findings.filter { !$0.isHeld }.enumerated().sorted { left, right in
      let (first, second) = (left.element.brokenAtS ?? .max, right.element.brokenAtS ?? .max)
      return (first, left.offset) < (second, right.offset)
    }.map(\.element)
  }

  /// The verdict in one line.
  package var headline: String {
    switch self.standing {
    case .held: "Held: everything that was asked for."
    case .broken: "Not held: \(self.broken.count) of \(self.findings.count) checks failed."
    case .notMeasured: "No measurement: the load generator could not keep up with its own rate."
    }
  }
}
