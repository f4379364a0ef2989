import LoadReport
import Synchronization

/// What is under way and what has ended, counted by many tasks.
final class Tally: Sendable {
  private let inFlightCount = Atomic<Int>(0)
  private let begunCount = Atomic<Int>(0)
  private let lag = Mutex(LatencyHistogram())

  /// How many are under way.
  var inFlight: Int { self.inFlightCount.load(ordering: .relaxed) }
  /// How many were begun.
  var begun: Int { self.begunCount.load(ordering: .relaxed) }
  /// How late they were begun.
  var generatorLag: LatencyHistogram { self.lag.withLock { $0 } }

  /// One more begins, unless so many are under way.
  func begins(most max: Int) -> Bool {
    if self.inFlightCount.add(1, ordering: .relaxed).newValue > max {
      self.inFlightCount.subtract(1, ordering: .relaxed)
      return false
    }
    self.begunCount.add(1, ordering: .relaxed)
    return true
  }

  /// One has begun to run so late.
  func lagged(_ microseconds: Int64) {
    self.lag.withLock { $0.record(microseconds) }
  }

  /// One has ended.
  func ended() {
    self.inFlightCount.subtract(1, ordering: .relaxed)
  }
}

/// Numbers what is done, from 0.
final class Counter: Sendable {
  private let value = Atomic<Int>(0)

  /// How many numbers it has given.
  var count: Int { self.value.load(ordering: .relaxed) }

  /// The next number.
  func next() -> Int { self.value.add(1, ordering: .relaxed).oldValue }
}
