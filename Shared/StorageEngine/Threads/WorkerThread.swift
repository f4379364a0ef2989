import Glibc
import Synchronization

/// A thread of our own, so that an engine, which blocks, never holds up the cooperative pool.
package final class WorkerThread: Sendable {
  private final class Body {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) {
      self.run = run
    }
  }

  private struct State {
    var hasEnded = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  /// Starts a thread that runs the closure and ends.
  package init(_ run: @escaping @Sendable () -> Void) {
    let body = Body {
      run()
      self.end()
    }
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        let body = Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
        body.run()
        return nil
      }, Unmanaged.passRetained(body).toOpaque())
    precondition(code == 0, "a thread could not be started: error \(code)")
    pthread_detach(thread)
  }

  /// Returns once the thread has ended.
  package func waitUntilEnded() async {
    await withCheckedContinuation { continuation in
      let hasEnded = self.state.withLock { state in
        if !state.hasEnded { state.waiters.append(continuation) }
        return state.hasEnded
      }
      if hasEnded { continuation.resume() }
    }
  }

  private func end() {
    let waiters = self.state.withLock { state in
      state.hasEnded = true
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }
}

/// Hands an engine's own objects to the one thread that uses them from then on.
package struct Handed<Value>: @unchecked Sendable {
  package let value: Value

  package init(value: Value) {
    self.value = value
  }
}
