/// What became of the calls of one operation, or of all steps of a flow taken together.
package struct OperationResult: Hashable, Sendable, Codable {
  /// Its name as a reader of the report is to see it, such as `Intake.SubmitApplication`.
  package var name: String
  /// Whether it is a flow: its steps are calls and stand beside it, so it is none itself. False in
  /// what an earlier version wrote.
  package var isFlow: Bool
  /// How many calls were made.
  package var begun: Int
  /// The latencies of those that were answered or timed out, from their intended start.
  package var latencies: LatencyHistogram
  /// How many failed with each code.
  package var errors: [String: Int]
  /// The same second by second, from the run's beginning.
  package var seconds: [SecondFigures]

  /// What a recorder saw of an operation.
  package init(name: String, isFlow: Bool = false, recorder: LatencyRecorder) {
    self.name = name
    self.isFlow = isFlow
    self.begun = recorder.begun
    self.latencies = recorder.latencies
    self.errors = recorder.errors
    self.seconds = recorder.seconds
  }

  /// How many calls failed.
  package var failed: Int { self.errors.values.reduce(0, +) }

  /// How many of a million calls failed; 0 if there was none.
  package var failedPerMillion: Double {
    self.begun == 0 ? 0 : Double(self.failed) * 1_000_000 / Double(self.begun)
  }

  /// The latency in µs that this share was at or below; nil if none was answered.
  package func valueUs(at percentile: Percentile) -> Int64? {
    self.latencies.valueUs(at: percentile)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.name = try container.decode(String.self, forKey: .name)
    self.isFlow = try container.decodeIfPresent(Bool.self, forKey: .isFlow) ?? false
    self.begun = try container.decode(Int.self, forKey: .begun)
    self.latencies = try container.decode(LatencyHistogram.self, forKey: .latencies)
    self.errors = try container.decode([String: Int].self, forKey: .errors)
    self.seconds = try container.decode([SecondFigures].self, forKey: .seconds)
  }

  private enum CodingKeys: String, CodingKey {
    case name, begun, latencies, errors, seconds
    case isFlow = "is_flow"
  }
}
