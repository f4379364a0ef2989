/// What a run was to hold. A run without aims is a look, and holds if its invariants do.
package struct RunAims: Hashable, Sendable, Codable {
  /// The latencies to be held.
  package var latencies: [LatencyAim]
  /// How many of a million calls may fail.
  package var failedPerMillionMax: Int
  /// How late the 99th percentile of calls may *leave the generator*, in µs. Beyond it the
  /// generator is too slow for the rate, and the run says nothing about the system.
  package var generatorLagUsMax: Int64

  /// What was to be held.
  package init(
    latencies: [LatencyAim] = [], failedPerMillionMax: Int = 0, generatorLagUsMax: Int64 = 10_000
  ) {
    self.latencies = latencies
    self.failedPerMillionMax = failedPerMillionMax
    self.generatorLagUsMax = generatorLagUsMax
  }

  private enum CodingKeys: String, CodingKey {
    case latencies
    case failedPerMillionMax = "failed_per_million_max"
    case generatorLagUsMax = "generator_lag_us_max"
  }
}

/// A latency that a share of the calls must not be above.
package struct LatencyAim: Hashable, Sendable, Codable {
  /// The operation that it is said of; nil for each of them.
  package var operation: String?
  /// The share of the calls.
  package var percentile: Percentile
  /// The latency in µs that it may have at most.
  package var latencyUsMax: Int64

  /// An aim.
  package init(operation: String? = nil, percentile: Percentile, latencyUsMax: Int64) {
    self.operation = operation
    self.percentile = percentile
    self.latencyUsMax = latencyUsMax
  }

  private enum CodingKeys: String, CodingKey {
    case operation
    case percentile = "percentile_per_million"
    case latencyUsMax = "latency_us_max"
  }
}
