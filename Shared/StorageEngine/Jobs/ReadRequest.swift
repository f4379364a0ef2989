import Synchronization

/// A read on its way through the readers. Its task may be cancelled at any time; then the statement
/// that runs is interrupted.
package final class ReadRequest: Sendable {
  private enum Phase {
    case waiting
    case running(interrupt: @Sendable () -> Void)
    case ended
  }

  private struct State {
    var phase = Phase.waiting
    var isCancelled = false
  }

  package let job: any WriteJob
  private let state = Mutex(State())

  package init(_ job: any WriteJob) {
    self.job = job
  }

  package var isCancelled: Bool { self.state.withLock { $0.isCancelled } }

  /// It runs from now on; `interrupt` stops its statement, from any thread.
  package func begin(_ interrupt: @escaping @Sendable () -> Void) {
    self.state.withLock { $0.phase = .running(interrupt: interrupt) }
  }

  /// It has ended; `interrupt` is not called any more.
  package func end() {
    self.state.withLock { $0.phase = .ended }
  }

  package func cancel() {
    self.state.withLock { state in
      state.isCancelled = true
      // Inside the lock: after `end`, the connection serves somebody else.
      if case .running(let interrupt) = state.phase { interrupt() }
    }
  }
}
