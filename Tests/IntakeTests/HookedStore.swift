import DomainModel
import Logging
import Storage
import StorageSQLite
import Synchronization

/// A store that lets a test do something between two steps of a call.
final class HookedStore: Store {
  typealias Hook = @Sendable () async throws -> Void

  private struct State {
    var readsLeft = 0
    var hook: Hook?
    var writeFailure: StorageError?
  }

  private let inner: any Store
  private let state = Mutex(State())

  init(_ inner: any Store) {
    self.inner = inner
  }

  /// A new one in memory.
  static func inMemory(time: any TimeSource, logger: Logger) throws -> HookedStore {
    var options = SQLiteOptions()
    options.isInline = true
    return HookedStore(try SQLiteStore(.memory, options: options, time: time, logger: logger))
  }

  /// Runs `hook` once, after `reads` further reads have ended and before their reader hears of it.
  func after(reads: Int, _ hook: @escaping Hook) {
    self.state.withLock { state in
      state.readsLeft = reads
      state.hook = hook
    }
  }

  /// Lets the next write fail.
  func failNextWrite(with error: StorageError) {
    self.state.withLock { $0.writeFailure = error }
  }

  @discardableResult
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value {
    if let failure = self.state.withLock({ $0.writeFailure.take() }) { throw failure }
    return try await self.inner.write(body)
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Snapshot) throws -> Value
  ) async throws -> Value {
    let value = try await self.inner.read(body)
    let hook = self.state.withLock { state -> Hook? in
      state.readsLeft -= 1
      return state.readsLeft == 0 ? state.hook.take() : nil
    }
    try await hook?()
    return value
  }

  func close() async { await self.inner.close() }

  var signals: SignalHub { self.inner.signals }
  var isExclusive: Bool { self.inner.isExclusive }
  var fault: StorageError? { self.inner.fault }
  var name: String { self.inner.name }
}
