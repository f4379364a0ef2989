/// One second of a run, for the plot over time. A call belongs to the second in which it was to
/// start. Latencies are told within 3 % of themselves, but for the longest, which is exact.
package struct SecondFigures: Hashable, Sendable, Codable {
  /// Which second, from 0.
  package var second: Int
  /// How many calls were to start in it and were made.
  package var begun: Int
  /// How many of them failed.
  package var failed: Int
  /// The median latency in µs; nil if none was answered.
  package var p50Us: Int64?
  /// The 99th percentile in µs; nil if none was answered.
  package var p99Us: Int64?
  /// The longest latency in µs; nil if none was answered.
  package var maxUs: Int64?

  /// A second's figures.
  package init(
    second: Int, begun: Int, failed: Int, p50Us: Int64?, p99Us: Int64?, maxUs: Int64?
  ) {
    self.second = second
    self.begun = begun
    self.failed = failed
    self.p50Us = p50Us
    self.p99Us = p99Us
    self.maxUs = maxUs
  }

  private enum CodingKeys: String, CodingKey {
    case second, begun, failed
    case p50Us = "p50_us"
    case p99Us = "p99_us"
    case maxUs = "max_us"
  }
}
