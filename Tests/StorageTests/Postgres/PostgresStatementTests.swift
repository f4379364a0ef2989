import DomainModel
import Storage
import StoragePostgres
import TestSupport
import Testing

/// Statements, values and reads as PostgreSQL has them.
@Suite(.onPostgres) struct PostgresStatementTests {
  private static func run(
    _ options: PostgresOptions = TestServer.options,
    _ body: (PostgresStore) async throws -> Void
  ) async throws {
    try await withTestServer {
      try await $0.withStore(PostgresTransactionTests.schema, options: options, body)
    }
  }

  @Test func `sums of integers are integers, however large`() async throws {
    let large = Int64.max / 2
    try await Self.run { store in
      for (first, second) in [(1, 2), (large, large), (-large, -large), (9_999, 1), (0, 0)] {
        let sum = try await store.read { snapshot in
          try snapshot.row(
            "SELECT SUM(n) AS sum FROM (SELECT \(first) AS n UNION ALL SELECT \(second)) AS n_of_both"
          )?.int64("sum")
        }
        #expect(sum == first + second)
      }
      await #expect(throws: StorageError.self) {
        try await store.read { try $0.row("SELECT SUM(n) AS sum FROM (SELECT 1.5 AS n) AS one") }
      }
    }
  }

  @Test func `a text with a NUL is refused by name`() async throws {
    try await Self.run { store in
      let error = await #expect(throws: StorageError.self) {
        try await store.write {
          try $0.execute("INSERT INTO thing (id, name) VALUES (1, \("a\0b"))")
        }
      }
      guard case .statementInvalid(let text, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(text.contains("22021"))
    }
  }

  /// What the server says of a bad value holds the value.
  @Test func `a value that does not fit is withheld`() async throws {
    let secret = "330102199003077897"
    try await Self.run { store in
      let error = await #expect(throws: StorageError.self) {
        try await store.read { try $0.row("SELECT CAST(\(secret + "x") AS BIGINT) AS n") }
      }
      let text = try #require(error).description
      #expect(!text.contains(secret))
    }
  }

  @Test func `more statements than a connection keeps are prepared again`() async throws {
    var options = TestServer.options
    options.statementsMax = 4
    options.writersMax = 1
    try await Self.run(options) { store in
      for number in 0..<30 {
        let text = "SELECT \(number % 7) AS n, count FROM thing WHERE id = "
        try await store.write { transaction in
          for id in 0..<2 {
            _ = try transaction.rows("\(sql: SQL(stringLiteral: text))\(id)")
          }
        }
      }
      let kept = try await store.write {
        try $0.row("SELECT COUNT(*) AS n FROM pg_prepared_statements")?.int("n")
      }
      #expect((kept ?? 99) <= 5)
    }
  }

  @Test func `a statement works again after its table has changed`() async throws {
    try await Self.run { store in
      let look: @Sendable (Transaction) throws -> Int = { transaction in
        try transaction.rows("SELECT * FROM thing").first?.columns.names.count ?? 0
      }
      try await store.write { try $0.execute("INSERT INTO thing (id) VALUES (1)") }
      for columns in 3..<8 {
        for _ in 0..<6 { try await expectEqual(store.write(look), columns) }
        let change: SQL = SQL(stringLiteral: "ALTER TABLE thing ADD COLUMN c\(columns) BIGINT")
        try await store.write { try $0.execute(change) }
      }
    }
  }

  @Test func `a value is bound as null and as a number by one text`() async throws {
    try await Self.run { store in
      for value in [nil, 5, nil, 7] as [Int?] {
        try await store.write { transaction in
          try transaction.execute("DELETE FROM thing")
          try transaction.execute(
            "INSERT INTO thing (id, count) VALUES (1, COALESCE(\(value), \(3)))")
        }
        let count = try await store.read { try $0.row("SELECT count FROM thing")?.int("count") }
        #expect(count == value ?? 3)
      }
    }
  }

  @Test func `a result far beyond its bound is stopped, and the store goes on`() async throws {
    try await Self.run { store in
      let sql: SQL = "SELECT i FROM generate_series(1, 50000000) AS i"
      await #expect(throws: StorageError.tooManyRows(rowsMax: 10_000, sql: sql.text)) {
        try await store.read { try $0.rows(sql) }
      }
      await #expect(throws: StorageError.tooManyRows(rowsMax: 10_000, sql: sql.text)) {
        try await store.write { try $0.rows(sql) }
      }
      try await store.write { try $0.execute("INSERT INTO thing (id) VALUES (1)") }
      try await expectEqual(store.count("SELECT id FROM thing"), 1)
      #expect(store.fault == nil)
    }
  }

  @Test func `a cancelled read is stopped on the server`() async throws {
    try await Self.run { store in
      let gate = Gate()
      let endless = Task {
        try await store.read { snapshot in
          gate.pass()
          return try snapshot.row("SELECT COUNT(*) AS n FROM generate_series(1, 4000000000) AS i")
        }
      }
      await gate.waitUntilEntered()
      gate.open()
      endless.cancel()
      await #expect(throws: CancellationError.self) { try await endless.value }
      #expect(store.fault == nil)
      try await expectEqual(store.count("SELECT id FROM thing"), 0)
    }
  }

  @Test func `a statement that runs for too long is refused and is no fault of the store`()
    async throws
  {
    var options = TestServer.options
    options.statementMs = 100
    try await Self.run(options) { store in
      let error = await #expect(throws: ServiceError.self) {
        try await store.write { try $0.rows("SELECT pg_sleep(20)") }
      }
      #expect(error?.reason == "STORE_UNAVAILABLE")
      #expect(store.fault == nil)
      try await expectEqual(store.count("SELECT id FROM thing"), 0)
    }
  }

  @Test func `a read sees one state, whatever is written meanwhile`() async throws {
    try await Self.run { store in
      try await store.write { try $0.execute("INSERT INTO thing (id) VALUES (1)") }
      let gate = Gate()
      async let counts = store.read { snapshot in
        let before = try snapshot.rows("SELECT id FROM thing").count
        gate.pass()
        return [before, try snapshot.rows("SELECT id FROM thing").count]
      }
      await gate.waitUntilEntered()
      try await store.write { try $0.execute("INSERT INTO thing (id) VALUES (2)") }
      gate.open()
      try await expectEqual(counts, [1, 1])
      try await expectEqual(store.count("SELECT id FROM thing"), 2)
    }
  }

  @Test func `the time is the server's`() async throws {
    try await withTestServer { test in
      try await test.withSchema { server in
        let store = try TestServer.open(server)
        let before = WallClock().now()
        let said = try await store.read { try $0.databaseNow() }
        let after = WallClock().now()
        // The server runs on this machine.
        #expect((before...after).contains(said))
        await store.close()
      }
    }
  }
}
