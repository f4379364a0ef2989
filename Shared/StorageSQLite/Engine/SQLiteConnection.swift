import CSQLite
import DomainModel
import Storage
import StorageEngine

/// One connection: its handle, its prepared statements, and where its transaction stands. Used by
/// one thread at a time.
final class SQLiteConnection: EngineConnection {
  typealias Mode = ClosureMode

  let file: String
  let dialect = SQLDialect.sqlite
  private(set) var handle: OpaquePointer?
  private let time: any TimeSource
  private let statementsMax: Int
  private var statements: [String: SQLiteStatement] = [:]

  private(set) var mode = Mode.idle
  /// A statement of the running closure failed.
  private(set) var hasFailed = false
  /// The running closure's changes can be taken back alone.
  private(set) var hasSavepoint = false
  /// The running closure ran a statement that may have changed something.
  private(set) var hasWritten = false
  private var wantsSavepoint = false
  /// Asked before each statement of a reader.
  private var isCancelled: (@Sendable () -> Bool)?
  /// A copy of the database that is under way.
  var backup: BackupRun?
  /// How long the write-ahead log is, in pages, since the last commit.
  private(set) var walPages: Int32 = 0

  init(_ location: SQLiteLocation, _ options: SQLiteOptions, time: any TimeSource) throws {
    self.file = location.name
    self.time = time
    self.statementsMax = options.statementsMax
    let path =
      switch location {
      case .file(let path): path
      case .memory: ":memory:"
      }
    var handle: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(path, &handle, flags, options.fileSystem)
    guard code == SQLITE_OK, let handle else {
      let detail = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close(handle)
      throw SQLiteFault.error(code, detail: detail, file: location.name)
    }
    self.handle = handle
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, options.busyMs)
    sqlite3_wal_hook(
      handle,
      { context, _, _, pages in
        guard let context else { return SQLITE_OK }
        Unmanaged<SQLiteConnection>.fromOpaque(context).takeUnretainedValue().walPages = pages
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit {
    self.closeHandle()
  }

  /// The last writer's close copies the log into the file.
  func closeHandle() {
    self.statements = [:]
    self.backup = nil
    sqlite3_close_v2(self.handle)
    self.handle = nil
  }

  /// Whether a transaction is open; false after the engine has rolled it back by itself.
  var isInTransaction: Bool { sqlite3_get_autocommit(self.handle) == 0 }

  /// Whether a statement was left standing on a row.
  var hasBusyStatement: Bool {
    var statement = sqlite3_next_stmt(self.handle, nil)
    while let current = statement {
      if sqlite3_stmt_busy(current) != 0 { return true }
      statement = sqlite3_next_stmt(self.handle, current)
    }
    return false
  }

  /// Stops the statement that runs, from any thread.
  func interrupt() {
    sqlite3_interrupt(self.handle)
  }

  /// How many rows were changed since the connection was opened, those taken back included.
  var totalChanges: Int64 { sqlite3_total_changes64(self.handle) }

  /// Copies the log into the database, as far as readers allow. `mustRestart` waits for them, a
  /// moment only, so that the log starts over. Another checkpoint under way is no error.
  func checkpoint(mustRestart: Bool, _ options: SQLiteOptions) throws -> LogState {
    var state = LogState(pages: 0, copiedPages: 0)
    let mode = mustRestart ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE
    sqlite3_busy_timeout(self.handle, options.checkpointBusyMs)
    defer { sqlite3_busy_timeout(self.handle, options.busyMs) }
    let code = sqlite3_wal_checkpoint_v2(
      self.handle, nil, mode, &state.pages, &state.copiedPages)
    if code == SQLITE_OK { return state }
    guard code & 0xFF == SQLITE_BUSY else { throw self.error(code, sql: "a checkpoint") }
    // Not whole, whatever was copied: somebody stood in the way.
    return LogState(pages: max(1, state.pages), copiedPages: 0)
  }

  /// Writes 64 KiB and takes it back in one commit: whether the disk takes writes. The file is as
  /// before.
  func writeAndTakeBack() throws {
    let text = """
      BEGIN IMMEDIATE;
      CREATE TABLE anju_probe (content BLOB);
      INSERT INTO anju_probe (content) VALUES (zeroblob(65536));
      DROP TABLE anju_probe;
      COMMIT
      """
    let code = sqlite3_exec(self.handle, text, nil, nil, nil)
    if code != SQLITE_OK { throw self.error(code, sql: text) }
  }

  // MARK: Where the transaction stands

  func begin(_ mode: Mode) throws {
    try self.control(mode == .writing ? "BEGIN IMMEDIATE" : "BEGIN")
  }

  /// A closure begins. `wantsSavepoint`: its changes must be such that they can be taken back
  /// alone.
  func enter(
    _ mode: Mode, wantsSavepoint: Bool = false, isCancelled: (@Sendable () -> Bool)? = nil
  ) {
    self.mode = mode
    self.hasFailed = false
    self.hasSavepoint = false
    self.hasWritten = false
    self.wantsSavepoint = wantsSavepoint
    self.isCancelled = isCancelled
  }

  /// The closure has ended.
  func leave() {
    self.mode = .idle
    self.isCancelled = nil
  }

  /// Runs a statement of our own, such as COMMIT.
  func control(_ text: String) throws {
    let statement = try self.statement(text)
    defer { statement.reset() }
    let code = sqlite3_step(statement.handle)
    guard code == SQLITE_DONE || code == SQLITE_ROW else { throw self.error(code, sql: text) }
  }

  // MARK: What closures call

  func query(_ sql: SQL, rowsMax: Int) throws -> [Row] {
    let statement = try self.start(sql)
    defer { statement.reset() }
    return try self.collect(statement, sql, rowsMax: rowsMax)
  }

  func changedRows(_ sql: SQL) throws -> Int {
    let statement = try self.start(sql)
    defer { statement.reset() }
    while true {
      let code = sqlite3_step(statement.handle)
      if code == SQLITE_DONE { break }
      if code != SQLITE_ROW { throw self.failure(code, sql.text) }
    }
    return statement.isReadOnly ? 0 : Int(sqlite3_changes64(self.handle))
  }

  func script(_ text: String) throws {
    try self.admit(isReadOnly: false, text)
    let code = sqlite3_exec(self.handle, text, nil, nil, nil)
    if code != SQLITE_OK { throw self.failure(code, text) }
  }

  func now() throws -> Timestamp { self.time.now() }

  var clock: SQL { "\(self.time.now())" }

  /// One writer at a time is SQLite's own rule, so every lock is held already.
  func lock(_ name: String) throws {}

  /// Looks something up for ourselves, whatever state the closure's transaction is in.
  func inspect(_ sql: SQL) throws -> [Row] {
    let statement = try self.statement(sql.text)
    defer { statement.reset() }
    guard statement.bind(sql.bindings) == SQLITE_OK else { throw StorageError.transactionFailed }
    return try self.collect(statement, sql, rowsMax: Snapshot.rowsMax)
  }

  private func collect(
    _ statement: SQLiteStatement, _ sql: SQL, rowsMax: Int
  ) throws -> [Row] {
    var rows: [Row] = []
    while true {
      let code = sqlite3_step(statement.handle)
      if code == SQLITE_DONE { return rows }
      if code != SQLITE_ROW { throw self.failure(code, sql.text) }
      if rows.count == rowsMax {
        throw StorageError.tooManyRows(rowsMax: rowsMax, sql: sql.text)
      }
      rows.append(statement.row())
    }
  }

  private func start(_ sql: SQL) throws -> SQLiteStatement {
    let statement = try self.closureStatement(sql.text)
    if statement.controlsTransaction {
      throw StorageError.statementInvalid("a closure cannot end its transaction", sql: sql.text)
    }
    try self.admit(isReadOnly: statement.isReadOnly, sql.text)
    let code = statement.bind(sql.bindings)
    if code != SQLITE_OK { throw self.failure(code, sql.text) }
    return statement
  }

  /// Refuses a statement that the closure may not run now, and makes its savepoint before its first
  /// change: a closure that only reads, or refuses before it writes, costs none.
  private func admit(isReadOnly: Bool, _ text: String) throws {
    if self.hasFailed { throw StorageError.transactionFailed }
    if let isCancelled = self.isCancelled, isCancelled() { throw CancellationError() }
    switch self.mode {
    case .idle: throw StorageError.transactionFailed
    case .reading:
      if !isReadOnly { throw StorageError.statementInvalid("a snapshot cannot write", sql: text) }
    case .writing:
      // Rolled back by itself: whatever ran now would commit alone.
      guard self.isInTransaction else { throw StorageError.transactionLost }
      if isReadOnly || self.hasWritten { return }
      self.hasWritten = true
      if self.wantsSavepoint {
        try self.control("SAVEPOINT member")
        self.hasSavepoint = true
      }
    }
  }

  private func closureStatement(_ text: String) throws -> SQLiteStatement {
    do {
      return try self.statement(text)
    } catch {
      self.hasFailed = true
      throw error
    }
  }

  private func failure(_ code: Int32, _ sql: String) -> any Error {
    self.hasFailed = true
    if code == SQLITE_INTERRUPT, let isCancelled = self.isCancelled, isCancelled() {
      return CancellationError()
    }
    return self.error(code, sql: sql)
  }

  private func error(_ code: Int32, sql: String) -> StorageError {
    let detail =
      code == SQLITE_RANGE
      ? "the number of bindings differs" : String(cString: sqlite3_errmsg(self.handle))
    let error = SQLiteFault.error(code, detail: detail, file: self.file, sql: sql)
    guard case .uniqueViolation(let subject) = error else { return error }
    return .uniqueViolation(constraint: ConstraintNames.name(for: subject, on: self))
  }

  private func statement(_ text: String) throws -> SQLiteStatement {
    if let known = self.statements[text] { return known }
    var handle: OpaquePointer?
    let code = sqlite3_prepare_v3(
      self.handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
    guard code == SQLITE_OK else { throw self.error(code, sql: text) }
    guard let handle else {
      throw StorageError.statementInvalid("the statement is empty", sql: text)
    }
    // All at once, for the rare service that makes its statements' texts: they are prepared again.
    if self.statements.count >= self.statementsMax { self.statements = [:] }
    let statement = SQLiteStatement(handle, sql: text)
    self.statements[text] = statement
    return statement
  }
}
