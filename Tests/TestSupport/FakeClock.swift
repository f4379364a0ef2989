public import DomainModel
internal import Synchronization

/// A clock that stands still until a test moves it.
public final class FakeClock: TimeSource {
  private struct Sleeper {
    var deadline: Timestamp
    var continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now: Timestamp
    var sleepers: [Int: Sleeper] = [:]
    var sleeperNext = 0
    var cancelled: Set<Int> = []
  }

  private let state: Mutex<State>

  /// A clock at `now`; without one, 2026-03-10 09:00 in Shanghai, a Tuesday and a working day.
  public init(_ now: Timestamp = Timestamp(milliseconds: 1_773_104_400_000)) {
    self.state = Mutex(State(now: now))
  }

  /// Where the clock stands.
  public func now() -> Timestamp {
    self.state.withLock { $0.now }
  }

  /// How many tasks sleep on this clock.
  public var sleeperCount: Int { self.state.withLock { $0.sleepers.count } }

  /// When the next sleeper's time comes; nil if nobody sleeps.
  public var earliestWake: Timestamp? {
    self.state.withLock { $0.sleepers.values.map(\.deadline).min() }
  }

  /// Moves the clock forward and wakes every sleeper whose time has come, earliest first.
  public func advance(milliseconds: Int64) {
    self.set(self.now().adding(milliseconds: milliseconds))
  }

  /// Sets the clock and wakes every sleeper whose time has come, earliest first.
  public func set(_ instant: Timestamp) {
    let woken = self.state.withLock { state in
      state.now = instant
      let due = state.sleepers.filter { $0.value.deadline <= instant }
      for key in due.keys { state.sleepers[key] = nil }
      return due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }
    }
    for (_, sleeper) in woken { sleeper.continuation.resume() }
  }

  /// Returns once a test has moved the clock to the deadline.
  public func sleep(until deadline: Timestamp) async throws {
    let key = self.state.withLock { state in
      state.sleeperNext += 1
      return state.sleeperNext
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let answer: Result<Void, any Error>? = self.state.withLock { state in
          if state.cancelled.remove(key) != nil { return .failure(CancellationError()) }
          if deadline <= state.now { return .success(()) }
          state.sleepers[key] = Sleeper(deadline: deadline, continuation: continuation)
          return nil
        }
        if let answer { continuation.resume(with: answer) }
      }
    } onCancel: {
      let sleeper = self.state.withLock { state in
        guard let sleeper = state.sleepers.removeValue(forKey: key) else {
          state.cancelled.insert(key)
          return Sleeper?.none
        }
        return sleeper
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Waits, bounded, until `count` tasks sleep on this clock; false if they never do.
  public func waitForSleepers(_ count: Int) async -> Bool {
    for _ in 0..<100_000 {
      if self.sleeperCount >= count { return true }
      await Task.yield()
    }
    return false
  }
}
