import CPostgres
import DomainModel
import Storage
import StorageEngine

/// One connection: its line, its prepared statements, and where its transaction stands. Used by one
/// thread at a time.
final class PostgresConnection: EngineConnection {
  let dialect = SQLDialect.postgres
  let server: PostgresServer
  let link: Link
  private let time: (any TimeSource)?
  private var statements: StatementCache

  private(set) var mode = ClosureMode.idle
  /// Why the running closure's transaction has failed, whatever the closure makes of it.
  private(set) var failure: (any Error)?
  /// The running closure's statements have changed rows.
  private(set) var hasChanged = false
  /// The server has begun the transaction: it does so with the closure's first statement.
  private(set) var hasBegun = false
  /// Names that the running closure asked for when it was too late; taken before its next run.
  private(set) var wantedLocks: Set<String> = []
  private var heldLocks: Set<String> = []
  /// What was handed to the line and not yet sent, a BEGIN or statements: their answers come before
  /// that of the next one.
  private var deferred: [DeferredStatement] = []
  /// How many may be.
  private static let deferredMax = 32
  /// A snapshot was ended, and its answer not yet heard.
  private var owesEnd = false
  /// Asked before each statement of a reader.
  private var isCancelled: (@Sendable () -> Bool)?

  /// Over a line that has just been made; `time` stands in for the server's own, for tests.
  init(_ link: Link, _ server: PostgresServer, statementsMax: Int, time: (any TimeSource)?) {
    self.link = link
    self.server = server
    self.time = time
    self.statements = StatementCache(statementsMax: statementsMax)
  }

  var hasFailed: Bool { self.failure != nil }

  // MARK: Where the transaction stands

  /// A closure begins. `locks` are taken first, outside of the transaction: it must see what those
  /// have written that held them before.
  func enter(
    _ mode: ClosureMode, locks: Set<String> = [], isCancelled: (@Sendable () -> Bool)? = nil
  ) throws {
    self.mode = mode
    self.failure = nil
    self.hasChanged = false
    self.hasBegun = false
    self.wantedLocks = []
    self.isCancelled = isCancelled
    self.link.listenToBell(isCancelled)
    // In one order, so that two stores that want the same names do not wait for each other.
    for name in locks.sorted() { try self.take(name) }
  }

  /// The closure has ended; its transaction has not.
  func leave() {
    self.mode = .idle
    self.isCancelled = nil
    self.link.listenToBell(nil)
  }

  /// Commits what the closure did. Throws `serializationFailure` where nothing is kept and it may
  /// run again, and `unavailable` where the line was lost: then it is not known whether it is kept.
  func commit() throws {
    if !self.hasBegun { return try self.giveLocksBack() }
    // A COMMIT that fails ends the transaction; one behind a statement that fails does not run.
    if self.deferred.isEmpty { self.hasBegun = false }
    var command = ""
    do {
      try self.control("COMMIT") { command = $0 }
    } catch let error where self.link.isBroken {
      throw StorageError.unavailable(
        "\(error): the answer to a commit did not come: whether it was kept is not known")
    }
    self.hasBegun = false
    if command != "COMMIT" { throw StorageError.transactionLost }
    try self.giveLocksBack()
  }

  /// Ends a snapshot. Nobody waits for the server's word, which says nothing of what was read: it
  /// is heard before the line is used again.
  func endSnapshot() {
    guard self.hasBegun, !self.hasFailed, self.deferred.isEmpty, !self.link.isBroken,
      !self.link.isSpent
    else { return self.rollBack() }
    do {
      try self.link.executeUnprepared("ROLLBACK")
      try self.link.flush()
      self.hasBegun = false
      self.owesEnd = true
    } catch {
      self.link.declareBroken()
    }
  }

  /// Hears how the last snapshot ended, and notices whether the server has ended the line since.
  func hearWhatCame() {
    if self.owesEnd {
      self.owesEnd = false
      do {
        try self.receive([DeferredStatement("ROLLBACK")]) { _ in }
      } catch {
        return self.link.declareBroken()
      }
    }
    self.link.noticeEnd()
  }

  /// Takes back what the closure did. A line that cannot even do that is lost.
  func rollBack() {
    defer { self.heldLocks = [] }
    guard !self.link.isBroken else { return }
    do {
      if self.hasBegun {
        // Behind a statement that fails, a ROLLBACK would not run.
        do { try self.settle() } catch _ where !self.link.isBroken {}
        try self.control("ROLLBACK") { _ in }
      }
      self.hasBegun = false
      try self.giveLocksBack()
    } catch {
      self.link.declareBroken()
    }
  }

  /// Runs a statement of our own that has no rows and hands over its answer's word.
  func control(_ text: String, _ take: (String) -> Void) throws {
    try self.link.executeUnprepared(text)
    try self.link.flush()
    try self.receive(self.takeDeferred() + [DeferredStatement(text)], take)
  }

  /// Sends what was deferred, and hears what became of it.
  private func settle() throws {
    if self.deferred.isEmpty { return }
    try self.link.flush()
    try self.receive(self.takeDeferred()) { _ in }
  }

  /// The answers of commands that nobody waits for; hands over the last one's word.
  private func receive(_ commands: [DeferredStatement], _ take: (String) -> Void) throws {
    var complaint: (what: ServerFault.Complaint, of: Int)?
    try self.link.receive(commands: commands.count) { answer, number in
      if answer.status == PGRES_FATAL_ERROR { complaint = complaint ?? (answer.complaint, number) }
      commands[number].hear(answer)
      if number == commands.count - 1 { take(answer.command) }
    }
    if let complaint { throw self.error(complaint.what, commands[complaint.of].text) }
  }

  private func takeDeferred() -> [DeferredStatement] {
    defer { self.deferred = [] }
    return self.deferred
  }

  private func take(_ name: String) throws {
    if self.heldLocks.contains(name) { return }
    _ = try self.ask(
      "SELECT pg_advisory_lock(hashtextextended(\("\(self.server.schema) \(name)"), 0))")
    self.heldLocks.insert(name)
  }

  private func giveLocksBack() throws {
    if self.heldLocks.isEmpty { return }
    _ = try self.ask("SELECT pg_advisory_unlock_all()")
    self.heldLocks = []
  }

  // MARK: What closures call

  func query(_ sql: SQL, rowsMax: Int) throws -> [Row] {
    try self.inTransaction(sql) { statement in
      try self.begin()
      return try self.run(statement, sql, rowsMax: rowsMax).rows
    }
  }

  func query(together statements: [SQL], rowsMax: Int) throws -> [[Row]] {
    for sql in statements { try self.inTransaction(sql) { _ in } }
    let known = statements.compactMap { self.statements.find($0.text, for: $0.bindings) }
    // Preparing one of them may have had the server let go of the others.
    guard known.count == statements.count, (1...Self.deferredMax).contains(known.count) else {
      return try statements.map { try self.query($0, rowsMax: rowsMax) }
    }
    return try self.noting {
      try self.begin()
      return try self.run(Array(zip(known, statements)), rowsMax: rowsMax).map(\.rows)
    }
  }

  func changedRows(_ sql: SQL) throws -> Int {
    try self.inTransaction(sql) { statement in
      try self.begin()
      return try self.run(statement, sql, rowsMax: nil).changed
    }
  }

  func execute(_ sql: SQL) throws -> Int? {
    try self.deferring(sql, hearing: nil)
    return nil
  }

  func execute(_ sql: SQL, hearing: @escaping ([Row]) -> Void) throws {
    try self.deferring(sql, hearing: hearing)
  }

  private func deferring(_ sql: SQL, hearing: (([Row]) -> Void)?) throws {
    try self.inTransaction(sql) { statement in
      if self.deferred.count >= Self.deferredMax { try self.settle() }
      try self.begin()
      try self.link.execute(statement.name, sql.bindings)
      self.deferred.append(DeferredStatement(sql.text, statement, hearing: hearing))
      self.hasChanged = true
    }
  }

  func script(_ text: String) throws {
    try self.admit(text)
    try self.noting {
      try self.begin()
      self.hasChanged = true
      // A schema's statement may walk a large table.
      try self.control("SET LOCAL statement_timeout = 0") { _ in }
      var complaint: ServerFault.Complaint?
      try self.link.script(text) { answer in
        if answer.status == PGRES_FATAL_ERROR { complaint = answer.complaint }
      }
      if let complaint { throw self.error(complaint, text) }
    }
  }

  func now() throws -> Timestamp {
    if let time = self.time { return time.now() }
    let rows = try self.query("SELECT \(sql: Self.serverClock) AS now", rowsMax: 1)
    guard let row = rows.first else { throw StorageError.transactionFailed }
    return try row.timestamp("now")
  }

  var clock: SQL { self.time.map { "\($0.now())" } ?? Self.serverClock }

  private static let serverClock: SQL =
    "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT"

  func lock(_ name: String) throws {
    try self.admit("lock \(name)")
    try self.noting {
      if self.heldLocks.contains(name) { return }
      if !self.hasBegun { return try self.take(name) }
      // The transaction looks at a state that the holder may be changing: it runs again behind the
      // lock.
      self.wantedLocks.insert(name)
      throw StorageError.serializationFailure
    }
  }

  /// Runs a statement of our own outside of any transaction.
  func ask(_ sql: SQL) throws -> [Row] {
    let known = self.statements.find(sql.text, for: sql.bindings)
    let statement = try known ?? self.prepare(sql.text, sql.bindings)
    return try self.run(statement, sql, rowsMax: Snapshot.rowsMax).rows
  }

  // MARK: Running

  /// Runs a closure's statement; whatever goes wrong fails its transaction.
  private func inTransaction<Value>(
    _ sql: SQL, _ body: (PreparedStatement) throws -> Value
  ) throws -> Value {
    try self.admit(sql.text)
    return try self.noting {
      if let known = self.statements.find(sql.text, for: sql.bindings) { return try body(known) }
      if StatementCache.controlsTransaction(sql.text) {
        throw StorageError.statementInvalid(
          "a closure cannot end its transaction", sql: sql.text)
      }
      return try body(self.prepare(sql.text, sql.bindings))
    }
  }

  private func admit(_ text: String) throws {
    if self.hasFailed || self.mode == .idle { throw StorageError.transactionFailed }
    if let isCancelled = self.isCancelled, isCancelled() { throw CancellationError() }
  }

  private func noting<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch {
      if self.failure == nil { self.failure = error }
      throw error
    }
  }

  private func run(
    _ statement: PreparedStatement, _ sql: SQL, rowsMax: Int?
  ) throws -> (rows: [Row], changed: Int) {
    let result = try self.run([(statement, sql)], rowsMax: rowsMax)[0]
    if result.changed > 0 { self.hasChanged = true }
    return (result.rows, result.changed)
  }

  /// Sends statements in one piece, behind what was deferred, and hears what became of each.
  private func run(
    _ piece: [(statement: PreparedStatement, sql: SQL)], rowsMax: Int?
  ) throws -> [StatementResult] {
    for (statement, sql) in piece { try self.link.execute(statement.name, sql.bindings) }
    try self.link.flush()
    let before = self.takeDeferred()
    let texts = before.map(\.text) + piece.map(\.sql.text)
    let own = before.count..<texts.count
    var results = zip(piece, own).map { one, number in
      StatementResult(of: one.statement, number: number, rowsMax: rowsMax)
    }
    try self.link.receive(commands: texts.count, rowsOf: rowsMax.map { _ in own }) {
      if $1 < before.count { before[$1].hear($0) }
      // Of a complaint about what was deferred, the first one hears.
      if !results[max(0, $1 - own.lowerBound)].take($0, of: $1) { self.link.cancel() }
    }
    for result in results {
      if let failure = result.failure { throw failure }
      if let complaint = result.complaint { throw self.error(complaint.what, texts[complaint.of]) }
    }
    return results
  }

  /// Has the transaction begin with the statement that is sent next.
  private func begin() throws {
    if self.hasBegun { return }
    let text =
      self.mode == .writing
      ? "BEGIN ISOLATION LEVEL SERIALIZABLE" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    try self.link.executeUnprepared(text)
    self.deferred.append(DeferredStatement(text))
    self.hasBegun = true
  }

  // MARK: Statements and errors

  private func prepare(_ text: String, _ values: [SQLValue]) throws -> PreparedStatement {
    try self.settle()
    let name = self.statements.newName()
    var commands = 2
    // All at once, for the rare service that makes its statements' texts: they are prepared again.
    if self.statements.isFull {
      try self.link.executeUnprepared("DEALLOCATE ALL")
      self.statements.forgetAll()
      commands += 1
    }
    try self.link.prepare(
      name, StatementCache.numbered(text), types: values.map(BinaryValue.type))
    try self.link.flush()
    var complaint: ServerFault.Complaint?
    var types: [CPostgres.Oid] = []
    try self.link.receive(commands: commands) { answer, command in
      if answer.status == PGRES_FATAL_ERROR { complaint = complaint ?? answer.complaint }
      if command == commands - 1 { types = answer.parameterTypes }
    }
    if let complaint { throw self.error(complaint, text) }
    guard types.count == values.count else {
      throw StorageError.statementInvalid("the number of bindings differs", sql: text)
    }
    let statement = PreparedStatement(name, sql: text, types: types)
    self.statements.keep(statement)
    return statement
  }

  private func error(_ complaint: ServerFault.Complaint, _ text: String) -> any Error {
    if ServerFault.endsConnection(complaint.state) { self.link.declareBroken() }
    switch complaint.state {
    case "57014":
      if let isCancelled = self.isCancelled, isCancelled() { return CancellationError() }
    case "0A000" where complaint.source == "RevalidateCachedQuery", "26000":
      // A table that a prepared statement reads was changed, or the statement is no more there.
      self.statements.distrustAll()
      return StorageError.serializationFailure
    case "25006" where self.mode == .reading:
      return StorageError.statementInvalid("a snapshot cannot write", sql: text)
    case "25006":
      // No more the primary: the next connection looks for it.
      self.link.declareBroken()
    default: break
    }
    return ServerFault.error(complaint, server: self.server, sql: text)
  }
}
