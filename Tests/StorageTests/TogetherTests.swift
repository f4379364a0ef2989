import Storage
import StoragePostgres
import TestSupport
import Testing

/// Several statements asked together: each has the rows that it would have alone.
@Suite struct TogetherTests {
  private static func upTo(_ count: Int) -> SQL {
    """
    WITH RECURSIVE number (n) AS (
      SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 5)
    SELECT n FROM number WHERE n <= \(count) ORDER BY n
    """
  }

  private static func numbers(_ rows: [[Row]]) throws -> [[Int]] {
    try rows.map { try $0.map { try $0.int("n") } }
  }

  @Test(arguments: Backend.all)
  func `each has its own rows, in the order of the statements`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      // None, a few, and more than go out in one piece.
      for counts in [[], [3, 0, 5, 1], Array(repeating: 2, count: 40)] {
        let found = try await store.read { snapshot in
          try Self.numbers(snapshot.rows(together: counts.map(Self.upTo)))
        }
        #expect(found == counts.map { Array((1...5).prefix($0)) })
      }
    }
  }

  @Test(arguments: Backend.all)
  func `they see what was written before them, waited for or not`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(DeferredStatementTests.schema) { store in
      let found = try await store.write { transaction in
        _ = try transaction.changedRows("INSERT INTO thing (id, name) VALUES (1, 'one')")
        try transaction.execute("INSERT INTO thing (id, name) VALUES (2, 'two')")
        return try Self.numbers(
          transaction.rows(together: ["SELECT id AS n FROM thing ORDER BY id", Self.upTo(1)]))
      }
      #expect(found == [[1, 2], [1]])
    }
  }

  @Test(arguments: Backend.all)
  func `one with too many rows is told, and the store goes on`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let tooLong = Self.upTo(3)
      for statements in [[Self.upTo(2), tooLong, Self.upTo(1)], [tooLong, tooLong]] {
        await #expect(throws: StorageError.tooManyRows(rowsMax: 2, sql: tooLong.text)) {
          try await store.read { try $0.rows(together: statements, rowsMax: 2) }
        }
      }
      let found = try await store.read { try Self.numbers($0.rows(together: [tooLong])) }
      #expect(found == [[1, 2, 3]])
    }
  }

  @Test(arguments: Backend.all)
  func `one that cannot be run fails the closure`(_ backend: Backend) async throws {
    try await backend.withStore(DeferredStatementTests.schema) { store in
      await #expect(throws: StorageError.self) {
        try await store.write { transaction in
          _ = try transaction.changedRows("INSERT INTO thing (id, name) VALUES (1, 'one')")
          _ = try? transaction.rows(together: [Self.upTo(1), "SELECT n FROM nowhere"])
          _ = try transaction.rows(Self.upTo(1))
        }
      }
      try await expectEqual(store.count("SELECT id FROM thing"), 0)
    }
  }

  /// What was prepared for the first is gone when the last is prepared.
  @Test(.onPostgres)
  func `more than a connection keeps prepared have their rows too`() async throws {
    var options = TestServer.options
    options.statementsMax = 4
    try await withTestServer { server in
      try await server.withStore([], options: options) { store in
        for _ in 0..<3 {
          let found = try await store.read { snapshot in
            try Self.numbers(
              snapshot.rows(
                together: (0..<7).map { SQL(stringLiteral: "SELECT \($0) AS n") }))
          }
          #expect(found == (0..<7).map { [$0] })
        }
      }
    }
  }

  /// A complaint of the server comes when it runs the statement, behind others of the piece.
  @Test(.onPostgres) func `what fails only when it runs is told by its own text`() async throws {
    try await withTestServer { server in
      try await server.withStore([], options: TestServer.options) { store in
        let failing: SQL = "SELECT 1 / \(0) AS n"
        let error = await #expect(throws: StorageError.self) {
          try await store.read { try $0.rows(together: [Self.upTo(1), failing, Self.upTo(2)]) }
        }
        #expect("\(String(describing: error))".contains(failing.text))
        let found = try await store.read { try Self.numbers($0.rows(together: [Self.upTo(2)])) }
        #expect(found == [[1, 2]])
      }
    }
  }
}
