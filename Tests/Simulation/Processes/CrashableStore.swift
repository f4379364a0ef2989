import DomainModel
import Storage
import StorageSQLite

/// A store whose process may die at its commits. Each use lets the other tasks of the simulation go
/// first, before and after.
final class CrashableStore: Store {
  private struct PowerCut: Error {}

  private let inner: SQLiteStore
  private let node: ServiceNode
  private let life: Life

  init(_ inner: SQLiteStore, of node: ServiceNode, _ life: Life) {
    self.inner = inner
    self.node = node
    self.life = life
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
      _ = try? await self.inner.write(body)
      self.node.crash(self.life, "after a commit")
    }
    try self.life.check()
    let value = try await self.inner.write(body)
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
