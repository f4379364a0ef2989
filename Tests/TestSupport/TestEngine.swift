public import DomainModel
public import Storage
internal import StoragePostgres
internal import StorageSQLite

/// An engine that a service's suite runs over; PostgreSQL where a server is there for the tests.
public enum TestEngine: String, Hashable, Sendable, CaseIterable {
  case sqlite
  case postgres

  /// Those that this run has.
  public static let all = TestServer.shared == nil ? [.sqlite] : Self.allCases

  /// A store with nothing in it, for the body only.
  public func withStore(
    _ clock: any TimeSource, _ body: (any Store) async throws -> Void
  ) async throws {
    switch self {
    case .sqlite: try await Self.closing(Self.memory(clock), body)
    case .postgres:
      guard let server = TestServer.shared else { return }
      try await server.withSchema { place in
        try await Self.closing(TestServer.open(place, clock: clock), body)
      }
    }
  }

  /// SQLite in memory, without threads.
  static func memory(_ clock: any TimeSource = FakeClock()) throws -> any Store {
    var options = SQLiteOptions()
    options.isInline = true
    return try SQLiteStore(.memory, options: options, time: clock, logger: TestServer.silent)
  }

  private static func closing(
    _ store: any Store, _ body: (any Store) async throws -> Void
  ) async throws {
    do {
      try await body(store)
    } catch {
      await store.close()
      throw error
    }
    await store.close()
  }

  /// The columns of a table; none where there is no such table.
  func columns(of table: String, in snapshot: Snapshot) throws -> [String] {
    let sql: SQL =
      switch self {
      case .sqlite: "SELECT name FROM pragma_table_info(\(table)) ORDER BY name"
      case .postgres:
        """
        SELECT column_name AS name FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name = \(table) ORDER BY name
        """
      }
    return try snapshot.rows(sql).map { try $0.text("name") }
  }

  /// Lets a table's numbers go on after those that were written by hand; SQLite does so by itself.
  func skipNumbers(of table: String, in transaction: Transaction) throws {
    guard self == .postgres else { return }
    let numbered = try transaction.row(
      """
      SELECT column_name AS name FROM information_schema.columns
      WHERE table_schema = current_schema() AND table_name = \(table) AND is_identity = 'YES'
      """)
    guard let column = try numbered?.text("name") else { return }
    let sql = SQL(
      stringLiteral: """
        SELECT setval(pg_get_serial_sequence('\(table)', '\(column)'), MAX("\(column)")) AS next
        FROM "\(table)"
        """)
    _ = try transaction.row(sql)
  }
}
