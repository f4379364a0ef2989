public import DomainModel
import Synchronization

/// Wakes who waits for changes. A wake-up carries nothing: whoever is woken reads again from where
/// it stopped, so a wake-up too many or one that came early does no harm.
public final class SignalHub: Sendable {
  /// How often a topic has been signalled so far; take it *before* reading.
  public struct Mark: Hashable, Sendable {
    let count: UInt64
  }

  private struct State {
    var counts: [Topic: UInt64] = [:]
    var waiters: [Topic: [UInt64: CheckedContinuation<Void, any Error>]] = [:]
    var nextWaiter: UInt64 = 0
    /// 1 once the hub is finished: one signal more of every topic.
    var finish: UInt64 = 0

    func count(_ topic: Topic) -> UInt64 { self.counts[topic, default: 0] + self.finish }
    /// Waiters cancelled before they had begun to wait.
    var cancelled: Set<UInt64> = []
  }

  private let state = Mutex(State())

  /// A hub; each store has one.
  public init() {}

  /// Where the topic stands now.
  public func mark(_ topic: Topic) -> Mark {
    self.state.withLock { Mark(count: $0.count(topic)) }
  }

  /// Wakes all who wait for one of the topics; called by engines after a commit.
  public func signal(_ topics: Set<Topic>) {
    if topics.isEmpty { return }
    let woken = self.state.withLock { state in
      var woken: [CheckedContinuation<Void, any Error>] = []
      for topic in topics {
        state.counts[topic, default: 0] += 1
        guard let waiters = state.waiters.removeValue(forKey: topic) else { continue }
        woken.append(contentsOf: waiters.values)
      }
      return woken
    }
    for continuation in woken { continuation.resume() }
  }

  /// Whether `finish` was called.
  public var isFinished: Bool { self.state.withLock { $0.finish > 0 } }

  /// Ends all `Changes`: the process is stopping, and nobody shall wait for it to have ended. Who
  /// waits otherwise is woken once and may go on waiting.
  public func finish() {
    let woken = self.state.withLock { state in
      state.finish = 1
      let woken = state.waiters.values.flatMap(\.values)
      state.waiters.removeAll()
      return woken
    }
    for continuation in woken { continuation.resume() }
  }

  /// Returns once the topic has been signalled after the mark; throws `CancellationError`.
  public func wait(_ topic: Topic, after mark: Mark) async throws {
    let id = self.state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    defer { _ = self.state.withLock { $0.cancelled.remove(id) } }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        self.begin(topic, after: mark, id: id, continuation)
      }
    } onCancel: {
      self.cancel(topic, id: id)
    }
  }

  /// As `wait(_:after:)`, but returns at the deadline as well, for the poll that catches a change
  /// made where no signal comes from. Returns whether there was a signal.
  @discardableResult
  public func wait(
    _ topic: Topic, after mark: Mark, until deadline: Timestamp, by time: any TimeSource
  ) async throws -> Bool {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await self.wait(topic, after: mark)
        return true
      }
      group.addTask {
        try await time.sleep(until: deadline)
        return false
      }
      defer { group.cancelAll() }
      return try await group.next() ?? false
    }
  }

  private func begin(
    _ topic: Topic, after mark: Mark, id: UInt64,
    _ continuation: CheckedContinuation<Void, any Error>
  ) {
    let outcome: Result<Void, any Error>? = self.state.withLock { state in
      if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
      if state.count(topic) > mark.count { return .success(()) }
      state.waiters[topic, default: [:]][id] = continuation
      return nil
    }
    if let outcome { continuation.resume(with: outcome) }
  }

  private func cancel(_ topic: Topic, id: UInt64) {
    let waiter = self.state.withLock { state in
      let waiter = state.waiters[topic]?.removeValue(forKey: id)
      if waiter == nil { state.cancelled.insert(id) }
      return waiter
    }
    waiter?.resume(throwing: CancellationError())
  }
}
