/// What became of the calls of one operation: their latencies, in all and second by second, and
/// their errors. Memory is bounded by the run's length and does not grow with the calls.
///
/// Latency counts from the *intended* start, so that a call which had to wait because the system
/// stalled counts its wait (no coordinated omission). A call belongs to the second in which it was
/// to start.
///
/// It is a value for one writer; each of several has its own, and they are merged at the end.
package struct LatencyRecorder: Hashable, Sendable {
  /// How many seconds have a slot of their own; what comes later is in the last one.
  package static let slotsMax = Schedule.secondsMax
  /// How many error codes are told apart; further ones count as `OTHER`.
  package static let errorCodesMax = 64

  /// The calls that were to start in one second.
  struct Slot: Hashable, Sendable {
    var begun = 0
    var failed = 0
    var latencies = LatencyHistogram(layout: .plotted)
  }

  /// The latencies of all calls that were answered or timed out.
  package private(set) var latencies = LatencyHistogram()
  /// How many calls were recorded.
  package private(set) var begun = 0
  /// How many calls failed with each code.
  package private(set) var errors: [String: Int] = [:]
  private var slots: [Slot] = []

  /// A recorder that has seen nothing.
  package init() {}

  /// How many calls failed.
  package var failed: Int { self.errors.values.reduce(0, +) }

  /// Counts a call that has ended.
  ///
  /// - Parameters:
  ///   - latencyUs: from its intended start to its end, in µs.
  ///   - intendedUs: its intended start, in µs since the run began; not negative.
  package mutating func record(latencyUs: Int64, intendedUs: Int64, outcome: CallOutcome) {
    let second = Int(min(max(intendedUs, 0) / 1_000_000, Int64(Self.slotsMax - 1)))
    self.grow(to: second + 1)
    self.begun += 1
    self.slots[second].begun += 1
    if let code = outcome.errorCode {
      self.count(code, times: 1)
      self.slots[second].failed += 1
    }
    if case .failed = outcome { return }
    self.latencies.record(latencyUs)
    self.slots[second].latencies.record(latencyUs)
  }

  /// Each second from the run's beginning to the last in which a call was to start.
  package var seconds: [SecondFigures] {
    self.slots.enumerated().map { second, slot in
      SecondFigures(
        second: second, begun: slot.begun, failed: slot.failed,
        p50Us: slot.latencies.valueUs(at: .p50), p99Us: slot.latencies.valueUs(at: .p99),
        maxUs: slot.latencies.maxUs)
    }
  }

  private mutating func grow(to count: Int) {
    while self.slots.count < count { self.slots.append(Slot()) }
  }

  private mutating func count(_ code: String, times: Int) {
    let isKnown = self.errors[code] != nil || self.errors.count < Self.errorCodesMax - 1
    self.errors[isKnown ? code : "OTHER", default: 0] += times
  }
}
