/// One run of a search for the knee.
package struct KneeTrial: Hashable, Sendable, Codable {
  /// The rate that was tried, in arrivals a second.
  package let perS: Double
  /// What it came to.
  package let standing: RunVerdict.Standing
  /// How many arrivals were completed a second.
  package let completedPerS: Double
  /// The 99th percentile in µs of each operation that was answered, by its name.
  package let p99Us: [String: Int64]
  /// What was not held, earliest first, each a sentence; at most `brokenMax`.
  package let broken: [String]

  /// What was nearest to its end, as a sentence; nil if nobody looked.
  package let nearestToItsEnd: String?

  /// How many of the things that were not held are kept.
  package static let brokenMax = 5

  /// What a trial's run came to.
  package init(perS: Double, result: RunResult) {
    let verdict = RunVerdict(of: result)
    self.perS = perS
    self.standing = verdict.standing
    self.completedPerS = result.rates.completedPerS
    self.p99Us = Dictionary(
      result.operations.compactMap { operation in
        operation.valueUs(at: .p99).map { (operation.name, $0) }
      }, uniquingKeysWith: max)
    self.nearestToItsEnd = result.nearestToItsEnd
    self.broken = verdict.broken.prefix(Self.brokenMax).map { finding in
      let since = finding.brokenAtS.map { " (after \($0) s)" } ?? ""
      return "\(finding.aim): \(finding.found)\(since)"
    }
  }

  /// The operation whose 99th percentile is longest, with it in µs; nil if none was answered.
  package var slowest: (name: String, p99Us: Int64)? {
    self.p99Us.max { ($0.value, $1.key) < ($1.value, $0.key) }.map { ($0.key, $0.value) }
  }

  private enum CodingKeys: String, CodingKey {
    case standing, broken
    case perS = "per_s"
    case completedPerS = "completed_per_s"
    case p99Us = "p99_us"
    case nearestToItsEnd = "nearest_to_its_end"
  }
}
