import DomainModel
import Storage
import StorageSQLite
import Synchronization

/// A store whose process may die at its commits. Each use lets the other tasks of the simulation go
/// first, before and after.
final class CrashableStore: Store {
  private struct PowerCut: Error {}

  private let inner: SQLiteStore
  private let node: ServiceNode
  private let life: Life
  /// How many rows had been changed when a commit was looked at last; nil while the tables may not
  /// be there yet.
  private let changesSeen = Mutex<Int?>(nil)

  init(_ inner: SQLiteStore, of node: ServiceNode, _ life: Life) {
    self.inner = inner
    self.node = node
    self.life = life
  }

  /// From now on each commit is looked at.
  func watch() {
    self.changesSeen.withLock { $0 = 0 }
  }

  @discardableResult
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value {
    try await self.begin()
    switch self.node.beginCommit() {
    case .nowhere: break
    case .beforeCommit:
      let cut: Value? = try? await self.inner.write { transaction in
        _ = try body(transaction)
        throw PowerCut()
      }
      precondition(cut == nil, "a transaction was kept that had thrown")
      self.node.crash(self.life, "before a commit")
    case .afterCommit:
      _ = try? await self.commit(body)
      self.node.crash(self.life, "after a commit")
    }
    try self.life.check()
    let value = try await self.commit(body)
    self.node.world.trace.add("\(self.life.name) writes")
    try await self.end()
    return value
  }

  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Snapshot) throws -> Value
  ) async throws -> Value {
    try await self.begin()
    let value = try await self.inner.read(body)
    try await self.end()
    return value
  }

  func close() async {
    await self.inner.close()
  }

  /// Commits, and looks at what is there then; most commits are a job's that found nothing to do.
  private func commit<Value: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value {
    let (value, changes) = try await self.inner.write { transaction in
      let value = try body(transaction)
      return (value, try transaction.row("SELECT total_changes() AS n")?.int("n"))
    }
    let isToLook = self.changesSeen.withLock { seen in
      guard let before = seen else { return false }
      seen = changes
      return before != changes
    }
    if isToLook { await self.node.lookAfterCommit(self.inner) }
    return value
  }

  private func begin() async throws {
    await self.node.world.scheduler.pause()
    try self.life.check()
  }

  private func end() async throws {
    await self.node.world.scheduler.pause()
    try self.life.check()
  }

  var signals: SignalHub { self.inner.signals }
  var isExclusive: Bool { self.inner.isExclusive }
  var fault: StorageError? { self.inner.fault }
  var name: String { self.inner.name }
}
