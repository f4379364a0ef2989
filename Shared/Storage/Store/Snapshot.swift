public import DomainModel

/// What an engine gives a transaction: one connection on which it runs. Only engines implement it.
public protocol StorageConnection: AnyObject {
  /// The engine's way to write column types.
  var dialect: SQLDialect { get }
  /// The rows of one statement; throws `tooManyRows` beyond `rowsMax`.
  func query(_ sql: SQL, rowsMax: Int) throws -> [Row]
  /// The rows of several statements, in as few round trips as the engine can.
  func query(together statements: [SQL], rowsMax: Int) throws -> [[Row]]
  /// Runs one statement; returns how many rows it inserted, updated or deleted.
  func changedRows(_ sql: SQL) throws -> Int
  /// Runs one statement, perhaps only with the next one or with the commit; returns how many rows
  /// it changed where that is known at once.
  func execute(_ sql: SQL) throws -> Int?
  /// Runs one statement as `execute` does, and hands over the rows it returns when they come.
  func execute(_ sql: SQL, hearing: @escaping ([Row]) -> Void) throws
  /// Runs several statements of the schema.
  func script(_ text: String) throws
  /// The database's clock: the same for every replica, so that leases can be compared.
  func now() throws -> Timestamp
  /// The same as a part of a statement.
  var clock: SQL { get }
  /// Keeps other transactions that ask for the same name waiting until this one has ended.
  func lock(_ name: String) throws
}

extension StorageConnection {
  /// One after the other: what is near by has nothing to save.
  public func query(together statements: [SQL], rowsMax: Int) throws -> [[Row]] {
    try statements.map { try self.query($0, rowsMax: rowsMax) }
  }

  /// At once, for the same reason.
  public func execute(_ sql: SQL) throws -> Int? {
    try self.changedRows(sql)
  }

  /// At once, for the same reason.
  public func execute(_ sql: SQL, hearing: @escaping ([Row]) -> Void) throws {
    hearing(try self.query(sql, rowsMax: 1))
  }
}

/// The state of a store at one instant. Valid only inside the closure that got it.
///
/// **Why a closure, and why not `async`?** A transaction that waits for something outside holds
/// locks for as long as that takes. *Practical advice:* load what you need, return a value, and go
/// on outside. *What if you do not?* The compiler stops you: a snapshot is not `Sendable` and the
/// closure cannot `await`.
public class Snapshot {
  /// How many rows `rows` returns at most unless told: a page is bounded, memory is.
  public static let rowsMax = 10_000

  let connection: any StorageConnection

  /// A snapshot on a connection; made by engines.
  public init(connection: any StorageConnection) {
    self.connection = connection
  }

  /// All rows of a statement; throws `tooManyRows` if there are more than `rowsMax`.
  public func rows(_ sql: SQL, rowsMax: Int = Snapshot.rowsMax) throws -> [Row] {
    StatementMetrics.shared.ran()
    return try self.connection.query(sql, rowsMax: rowsMax)
  }

  /// All rows of each of several statements that do not need one another's, in their order. An
  /// engine beyond a network sends them together, which saves a round trip each. Throws
  /// `tooManyRows` if one has more than `rowsMax`.
  public func rows(
    together statements: [SQL], rowsMax: Int = Snapshot.rowsMax
  ) throws -> [[Row]] {
    for _ in statements { StatementMetrics.shared.ran() }
    return try self.connection.query(together: statements, rowsMax: rowsMax)
  }

  /// The only row of a statement, nil if there is none; throws `tooManyRows` if there are several.
  public func row(_ sql: SQL) throws -> Row? {
    StatementMetrics.shared.ran()
    return try self.connection.query(sql, rowsMax: 1).first
  }

  /// Whether a statement has rows.
  public func exists(_ sql: SQL) throws -> Bool {
    StatementMetrics.shared.ran()
    return try self.connection.query("SELECT EXISTS (\(sql: sql)) AS found", rowsMax: 1).first
      .map { row in
        // SQLite says 0 or 1, PostgreSQL a boolean, which its backend reads as 0 or 1.
        try row.bool("found")
      } ?? false
  }

  /// The engine's way to write what engines write differently.
  var dialect: SQLDialect { self.connection.dialect }

  /// The database's clock (UTC), the same for every replica. For leases; what a rule needs to know
  /// of time is handed to the closure from outside.
  public func databaseNow() throws -> Timestamp {
    try self.connection.now()
  }
}

/// A change of the store, whole or not at all. Valid only inside the closure that got it.
///
/// **After a statement has thrown, the transaction has failed:** every later statement throws
/// `transactionFailed`, and nothing is kept even if the closure returns.
/// *Why?* PostgreSQL ends a transaction at its first error; on SQLite we keep the same rule.
/// *Practical advice:* where a conflict is expected, write `ON CONFLICT DO NOTHING` and look at the
/// count, or catch the error around `store.write`.
/// *What if you do not?* The tests fail on every engine, not only in production on one.
public final class Transaction: Snapshot {
  /// What is to be done once it has been committed.
  public private(set) var aftermath = Aftermath()

  /// Runs one statement. An engine beyond a network sends it together with the next one, or with
  /// the commit, which saves a round trip; what goes wrong with it is then thrown by that one, or
  /// by `write`.
  public func execute(_ sql: SQL) throws {
    let rows = try self.connection.execute(sql)
    StatementMetrics.shared.changed(rows ?? 1)
  }

  /// Runs one statement that changes a row and returns one (`RETURNING`). Where nobody has to wait
  /// for that row, it is handed over when it comes: at once, or with the next statement or the
  /// commit. What is done with it must not fail.
  func execute(_ sql: SQL, hearing: @escaping (Row) -> Void) throws {
    try self.connection.execute(sql) { $0.first.map(hearing) }
    StatementMetrics.shared.changed(1)
  }

  /// Runs one statement and waits for its outcome: how many rows it inserted, updated or deleted.
  public func changedRows(_ sql: SQL) throws -> Int {
    let rows = try self.connection.changedRows(sql)
    StatementMetrics.shared.changed(rows)
    return rows
  }

  /// Runs statements of the schema, whose type names are the engine's already.
  func script(_ text: String) throws {
    try self.connection.script(text)
  }

  /// Wakes all who wait for the topic, once this transaction has been committed.
  public func signal(_ topic: Topic) {
    self.aftermath.topics.insert(topic)
  }

  /// Has something done once this transaction has been committed, and never where it has not; on
  /// the engine's thread, so it must be short.
  func afterCommit(_ deed: @escaping @Sendable () -> Void) {
    self.aftermath.deeds.append(deed)
  }

  /// The database's clock as a part of a statement, which spares asking for it.
  var clock: SQL { self.connection.clock }

  /// Keeps other transactions that ask for the same name waiting until this one has ended.
  public func lock(_ name: String) throws {
    try self.connection.lock(name)
  }
}
