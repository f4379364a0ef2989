import LoadReport
import Synchronization

/// How a call ended; the call layer has a word of its own for something else.
typealias Outcome = CallOutcome

/// Everything that was measured of a run's operations, written by many tasks.
final class Ledger: Sendable {
  /// How many sentences about failures are kept, to be shown.
  private static let examplesMax = 20

  private final class Series: Sendable {
    let recorder = Mutex(LatencyRecorder())
  }

  private let names: [String]
  private let flows: Set<String>
  private let series: [String: Series]
  private let lately = Mutex(LatencyHistogram())
  private let failedLately = Atomic<Int>(0)
  private let completedCount = Atomic<Int>(0)
  private let examples = Mutex<[String: String]>([:])

  /// A ledger of these operations, told in this order; `flows` are those that are no calls.
  init(operations: [String], flows: Set<String> = []) {
    self.names = operations
    self.flows = flows
    self.series = Dictionary(uniqueKeysWithValues: operations.map { ($0, Series()) })
  }

  /// How many arrivals ended as was wanted.
  var completed: Int { self.completedCount.load(ordering: .relaxed) }

  /// An operation has ended.
  func record(_ operation: String, latencyUs: Int64, intendedUs: Int64, outcome: Outcome) {
    self.series[operation]?.recorder.withLock {
      $0.record(latencyUs: latencyUs, intendedUs: intendedUs, outcome: outcome)
    }
  }

  /// An arrival has ended.
  func ended(latencyUs: Int64, wasCompleted: Bool) {
    if wasCompleted {
      self.completedCount.add(1, ordering: .relaxed)
    } else {
      self.failedLately.add(1, ordering: .relaxed)
    }
    self.lately.withLock { $0.record(latencyUs) }
  }

  /// What a failure said, kept as an example of its code.
  func explain(_ operation: String, _ code: String, _ text: String) {
    self.examples.withLock { examples in
      let key = "\(operation): \(code)"
      if examples[key] == nil, examples.count < Self.examplesMax { examples[key] = text }
    }
  }

  /// One sentence for each kind of failure.
  var failures: [String] {
    self.examples.withLock { $0 }.sorted { $0.key < $1.key }.map { key, text in
      text.isEmpty ? key : "\(key): \(text)"
    }
  }

  /// The operations that were done, in their order.
  var results: [OperationResult] {
    self.names.compactMap { name in
      guard let recorder = self.series[name]?.recorder.withLock({ $0 }), recorder.begun > 0 else {
        return nil
      }
      return OperationResult(
        name: name, isFlow: self.flows.contains(name), recorder: recorder)
    }
  }

  /// What arrivals took that have ended since this was asked last, and how many of them failed.
  func sinceLast() -> (latencies: LatencyHistogram, failed: Int) {
    let latencies = self.lately.withLock { lately in
      defer { lately = LatencyHistogram() }
      return lately
    }
    return (latencies, self.failedLately.exchange(0, ordering: .relaxed))
  }
}
