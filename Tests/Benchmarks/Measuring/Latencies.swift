/// How long each piece of work of one loop took.
public struct Latencies: Sendable {
  /// How long the loop lasted.
  public let seconds: Double
  /// The process's processor time in it.
  public let cpuSeconds: Double
  private let ascendingNs: [UInt64]

  init(_ nanoseconds: [UInt64], of watch: Stopwatch) {
    self.seconds = watch.seconds
    self.cpuSeconds = watch.cpuSeconds
    self.ascendingNs = nanoseconds.sorted()
  }

  /// How many there were.
  public var count: Int { self.ascendingNs.count }
  /// How many a second.
  public var perSecond: Double { Double(self.count) / self.seconds }
  /// Processor time for one, in microseconds.
  public var cpuMicroseconds: Double { self.cpuSeconds * 1e6 / Double(max(self.count, 1)) }

  /// The latency that a part of them, such as 0.99, did not exceed, in milliseconds; 0 of none.
  public func quantileMs(_ part: Double) -> Double {
    if self.ascendingNs.isEmpty { return 0 }
    let place = min(self.count - 1, Int(Double(self.count) * part))
    return Double(self.ascendingNs[place]) / 1e6
  }
}
