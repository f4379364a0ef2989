/// How much two figures may differ and still be the same: what two runs of the same commit on the
/// same machine differ by.
package struct ComparisonTolerance: Hashable, Sendable {
  /// Of rates, as a share.
  package var rate = 0.02
  /// Of latencies to p99, as a share.
  package var latency = 0.1
  /// Of latencies beyond p99, which few calls make, as a share.
  package var tail = 0.3
  /// Of costs, as a share.
  package var cost = 0.05
  /// Of failures, as a share.
  package var failures = 0.1
  /// A difference of latencies that nobody notices, in µs.
  package var latencyFloorUs = 100.0
  /// How many calls must be slower than a percentile for it to be told.
  package var callsBeyondMin = 10

  /// The usual tolerances.
  package init() {}
}
