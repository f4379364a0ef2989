import Storage
import Synchronization

/// A store whose process is killed at one of its writes: right before the commit, whose rows are
/// then gone, or right after it, when nobody has heard of it yet. From then on it does nothing.
final class DyingStore: Store {
  enum Moment: CaseIterable {
    case beforeCommit
    case afterCommit
  }

  /// The process is gone; whoever waits for it hears that it was to end.
  static var death: CancellationError { CancellationError() }
  private struct PowerCut: Error {}

  private let inner: any Store
  private let moment: Moment
  /// How many writes are left until the one at which it dies; nil where it lives on.
  private let left: Mutex<Int?>
  private let written = Mutex(0)

  init(_ inner: any Store, diesAt write: Int?, _ moment: Moment = .beforeCommit) {
    self.inner = inner
    self.moment = moment
    self.left = Mutex(write)
  }

  /// How many writes were begun.
  var writesCount: Int { self.written.withLock { $0 } }
  /// Whether it was killed.
  var isDead: Bool { self.left.withLock { $0.map { $0 < 0 } ?? false } }

  @discardableResult
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value {
    if self.isDead { throw Self.death }
    self.written.withLock { $0 += 1 }
    let isLast = self.left.withLock { left in
      left = left.map { $0 - 1 }
      return left.map { $0 < 0 } ?? false
    }
    guard isLast else { return try await self.inner.write(body) }
    switch self.moment {
    case .beforeCommit:
      let cut: Value? = try? await self.inner.write { transaction in
        _ = try body(transaction)
        throw PowerCut()
      }
      precondition(cut == nil, "a transaction was kept that had thrown")
    case .afterCommit: _ = try await self.inner.write(body)
    }
    throw Self.death
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Snapshot) throws -> Value
  ) async throws -> Value {
    if self.isDead { throw Self.death }
    return try await self.inner.read(body)
  }

  func close() async { await self.inner.close() }

  var signals: SignalHub { self.inner.signals }
  var isExclusive: Bool { self.inner.isExclusive }
  var fault: StorageError? { self.inner.fault }
  var name: String { self.inner.name }
}
