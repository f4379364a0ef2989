import DomainModel
import Storage
import Synchronization

/// Decides who may try to connect. While the server is away one thread tries at a time, after a
/// back-off; all others have the last failure at once, so that callers do not wait in line for a
/// server that is not there.
final class ConnectGate: Sendable {
  private struct State {
    var failures = 0
    var isTrying = false
    var nextTry = Timestamp(milliseconds: 0)
    var last: StorageError?
  }

  private let state = Mutex(State())
  private let options: PostgresOptions
  private let time: any TimeSource
  private let random: any RandomSource

  init(_ options: PostgresOptions, time: any TimeSource, random: any RandomSource) {
    self.options = options
    self.time = time
    self.random = random
  }

  /// Connects by `body`, if it may be tried now; else throws the last failure.
  func pass<Value>(_ body: () throws -> Value) throws -> Value {
    let now = self.time.now()
    try self.state.withLock { state in
      guard let last = state.last else { return }
      if state.isTrying || now < state.nextTry { throw last }
      state.isTrying = true
    }
    do {
      let value = try body()
      self.state.withLock { $0 = State() }
      return value
    } catch {
      self.note(error)
      throw error
    }
  }

  /// How long the next try is away, in milliseconds; 0 if it may be made now.
  var waitMs: Int64 {
    let now = self.time.now()
    return self.state.withLock { state in
      state.last == nil ? 0 : max(0, state.nextTry.milliseconds - now.milliseconds)
    }
  }

  private func note(_ error: any Error) {
    let now = self.time.now()
    let jitter = self.random.jitter()
    self.state.withLock { state in
      state.failures += 1
      let delayMs = self.options.backoff.delayMs(failures: state.failures, jitter: jitter)
      state.isTrying = false
      state.last = error as? StorageError ?? .unavailable("\(error)")
      state.nextTry = now.adding(milliseconds: delayMs)
    }
  }
}
