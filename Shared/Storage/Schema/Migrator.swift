public import DomainModel

/// Brings a store's schema to where the code needs it, in one transaction, under a lock.
///
/// The table `schema` says which version the store has and how old code may be to work on it:
/// code starts if its own version is at least `oldest_code`, else it refuses, naming both.
public struct Migrator: Sendable {
  private let migrations: [Migration]

  /// A migrator over all the migrations of a service, oldest first.
  public init(_ migrations: [Migration]) {
    precondition(
      Set(migrations.map(\.name)).count == migrations.count, "two migrations have the same name")
    self.migrations = migrations
  }

  /// The version of this code: how many migrations it knows.
  public var version: Int { self.migrations.count }

  /// Applies what is missing; returns the names applied. Throws `StorageError.schemaRefused` if the
  /// store is too new for this code or was made by other code; it names the store.
  @discardableResult
  public func migrate(_ store: any Store, now: Timestamp) async throws -> [String] {
    do {
      return try await store.write { try self.migrate($0, now: now) }
    } catch StorageError.schemaRefused(let reason) {
      throw StorageError.schemaRefused("\(store.name): \(reason)")
    }
  }

  func migrate(_ transaction: Transaction, now: Timestamp) throws -> [String] {
    try transaction.lock("schema")
    try transaction.script(transaction.dialect.translate(Self.tables))
    let applied = try transaction.rows("SELECT name FROM schema_step ORDER BY version")
      .map { try $0.text("name") }
    let oldestCode = try transaction.row("SELECT oldest_code FROM schema WHERE id = 1")?
      .int("oldest_code")
    try self.check(applied: applied, oldestCode: oldestCode ?? 0)
    let missing = self.migrations.dropFirst(applied.count)
    for (index, migration) in zip(missing.indices, missing) {
      try self.apply(migration, version: index + 1, transaction, now: now)
    }
    return missing.map(\.name)
  }

  private func check(applied: [String], oldestCode: Int) throws {
    if self.version < oldestCode {
      throw StorageError.schemaRefused(
        "the store's schema is version \(applied.count) and needs code of version \(oldestCode) or "
          + "later; this code is version \(self.version): start a newer release")
    }
    for (index, name) in applied.prefix(self.version).enumerated()
    where self.migrations[index].name != name {
      throw StorageError.schemaRefused(
        "the store's schema step \(index + 1) is \"\(name)\", this code's is "
          + "\"\(self.migrations[index].name)\": the store belongs to another service or release")
    }
  }

  private func apply(
    _ migration: Migration, version: Int, _ transaction: Transaction, now: Timestamp
  ) throws {
    for statement in migration.statements {
      try transaction.script(transaction.dialect.translate(statement))
    }
    try transaction.execute(
      """
      INSERT INTO schema_step (version, name, applied_at)
      VALUES (\(version), \(migration.name), \(now))
      """)
    let changed = try transaction.changedRows(
      """
      UPDATE schema SET version = \(version), oldest_code = COALESCE(\(migration.oldestCode), \
      oldest_code) WHERE id = 1
      """)
    if changed == 0 {
      try transaction.execute(
        """
        INSERT INTO schema (id, version, oldest_code)
        VALUES (1, \(version), \(migration.oldestCode ?? 1))
        """)
    }
  }

  private static let tables = """
    CREATE TABLE IF NOT EXISTS schema (
      id $INT PRIMARY KEY CHECK (id = 1),
      version $INT NOT NULL,
      oldest_code $INT NOT NULL
    ) $TABLE;
    CREATE TABLE IF NOT EXISTS schema_step (
      version $INT PRIMARY KEY,
      name $TEXT NOT NULL,
      applied_at $INT NOT NULL
    ) $TABLE;
    CREATE TABLE IF NOT EXISTS seal_check (
      key_id $TEXT PRIMARY KEY,
      sealed $BYTES NOT NULL
    ) $TABLE;
    """
}
