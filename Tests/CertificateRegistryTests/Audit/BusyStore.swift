import Storage
import Synchronization

/// A store that somebody else changes once, after one of its reads.
final class BusyStore: Store {
  private let store: any Store
  private let left: Mutex<Int>
  private let change: @Sendable () async throws -> Bool

  /// A store over another one that is changed after its `number`th read, from 1.
  init(
    _ store: any Store, afterRead number: Int, _ change: @escaping @Sendable () async throws -> Bool
  ) {
    self.store = store
    self.left = Mutex(number)
    self.change = change
  }

  func write<Value: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value {
    try await self.store.write(body)
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Snapshot) throws -> Value
  ) async throws -> Value {
    let value = try await self.store.read(body)
    let left = self.left.withLock { left in
      left -= 1
      return left
    }
    if left == 0 { _ = try await self.change() }
    return value
  }

  func close() async { await self.store.close() }
  var signals: SignalHub { self.store.signals }
  var isExclusive: Bool { self.store.isExclusive }
  var fault: StorageError? { self.store.fault }
  var name: String { self.store.name }
}
