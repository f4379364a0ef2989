import Storage
import Synchronization

/// A store that counts the closures it runs.
final class CountingStore: Store {
  /// How many.
  struct Count: Hashable {
    var reads = 0
    var writes = 0
  }

  private let store: any Store
  private let counted = Mutex(Count())

  init(_ store: any Store) {
    self.store = store
  }

  /// How many there have been.
  var all: Count { self.counted.withLock { $0 } }

  /// How many there were while `body` ran.
  func count(_ body: () async throws -> Void) async rethrows -> Count {
    self.counted.withLock { $0 = Count() }
    try await body()
    return self.counted.withLock { $0 }
  }

  func write<Value: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value {
    self.counted.withLock { $0.writes += 1 }
    return try await self.store.write(body)
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Snapshot) throws -> Value
  ) async throws -> Value {
    self.counted.withLock { $0.reads += 1 }
    return try await self.store.read(body)
  }

  func close() async { await self.store.close() }
  var signals: SignalHub { self.store.signals }
  var isExclusive: Bool { self.store.isExclusive }
  var fault: StorageError? { self.store.fault }
  var name: String { self.store.name }
}
