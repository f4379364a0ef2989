import Storage
import Synchronization

/// A store that dies with one of its closures: before it has an effect, or after it.
final class FailingStore: Store {
  /// What it throws.
  struct Death: Error {}

  enum Moment: CaseIterable {
    case before
    case after
  }

  private let store: any Store
  private let left: Mutex<Int>
  private let moment: Moment

  /// A store over another one that fails with its `number`th closure, from 0, and with every one
  /// after it.
  init(_ store: any Store, at number: Int, _ moment: Moment) {
    self.store = store
    self.left = Mutex(number)
    self.moment = moment
  }

  /// Whether it has failed.
  var isDead: Bool { self.left.withLock { $0 < 0 } }

  func write<Value: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value {
    try await self.dying { try await self.store.write(body) }
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Snapshot) throws -> Value
  ) async throws -> Value {
    try await self.dying { try await self.store.read(body) }
  }

  private func dying<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
    let left = self.left.withLock { left in
      left -= 1
      return left
    }
    if left < -1 || (left == -1 && self.moment == .before) { throw Death() }
    let value = try await work()
    if left == -1 { throw Death() }
    return value
  }

  func close() async { await self.store.close() }
  var signals: SignalHub { self.store.signals }
  var isExclusive: Bool { self.store.isExclusive }
  var fault: StorageError? { self.store.fault }
  var name: String { self.store.name }
}
