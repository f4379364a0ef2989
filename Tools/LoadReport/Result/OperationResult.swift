/// What became of the calls of one operation.
package struct OperationResult: Hashable, Sendable, Codable {
  /// Its name as a reader of the report is to see it, such as `Intake.SubmitApplication`.
  package var name: String
  /// How many calls were made.
  package var begun: Int
  /// The latencies of those that were answered or timed out, from their intended start.
  package var latencies: LatencyHistogram
  /// How many failed with each code.
  package var errors: [String: Int]
  /// The same second by second, from the run's beginning.
  package var seconds: [SecondFigures]

  /// What a recorder saw of an operation.
  package init(name: String, recorder: LatencyRecorder) {
    self.name = name
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
}
