import DomainModel
import Storage
import Testing

@Suite struct MigratorTests {
  static let now = Timestamp(milliseconds: 1_700_000_000_000)

  static let steps = [
    Migration("things", ["CREATE TABLE thing (id $INT PRIMARY KEY, name $TEXT NOT NULL) $TABLE;"]),
    Migration("colours", ["ALTER TABLE thing ADD COLUMN colour $TEXT NOT NULL DEFAULT 'red';"]),
    Migration("no names", oldestCode: 3, ["ALTER TABLE thing DROP COLUMN name;"]),
    Migration("index", ["CREATE UNIQUE INDEX thing_colour ON thing (colour, id);"]),
  ]

  private static func names(_ store: any Store) async throws -> [String] {
    try await store.read { snapshot in
      try snapshot.rows("SELECT name FROM schema_step ORDER BY version").map { try $0.text("name") }
    }
  }

  @Test(arguments: Backend.all, 0...4)
  func `every earlier version comes up with its rows`(
    _ backend: Backend, _ earlier: Int
  ) async throws {
    try await backend.withStore { store in
      try await Migrator(Array(Self.steps.prefix(earlier))).migrate(store, now: Self.now)
      try await store.write { transaction in
        switch earlier {
        case 0: break
        case 1, 2: try transaction.execute("INSERT INTO thing (id, name) VALUES (7, 'n')")
        default: try transaction.execute("INSERT INTO thing (id) VALUES (7)")
        }
      }
      let applied = try await Migrator(Self.steps).migrate(store, now: Self.now)
      #expect(applied == Self.steps.dropFirst(earlier).map(\.name))
      try await expectEqual(Self.names(store), Self.steps.map(\.name))
      let rows = try await store.count("SELECT id FROM thing WHERE id = 7 AND colour = 'red'")
      #expect(rows == (earlier == 0 ? 0 : 1))
      try await expectEqual(Migrator(Self.steps).migrate(store, now: Self.now), [])
    }
  }

  /// Code that knows `version` steps meets a store that has all four; the third needs code 3.
  @Test(arguments: Backend.all, [(1, false), (2, false), (3, true), (4, true)])
  func `code works on a newer schema unless that needs newer code`(
    _ backend: Backend, _ row: (version: Int, mayStart: Bool)
  ) async throws {
    try await backend.withStore { store in
      try await Migrator(Self.steps).migrate(store, now: Self.now)
      let older = Migrator(Array(Self.steps.prefix(row.version)))
      if row.mayStart {
        try await expectEqual(older.migrate(store, now: Self.now), [])
      } else {
        await #expect(
          throws: StorageError.schemaRefused(
            "the store's schema is version 4 and needs code of version 3 or later; this code is "
              + "version \(row.version): start a newer release")
        ) { try await older.migrate(store, now: Self.now) }
      }
    }
  }

  @Test(arguments: Backend.all)
  func `the store of another service is refused`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      try await Migrator(Self.steps).migrate(store, now: Self.now)
      let error = await #expect(throws: StorageError.self) {
        try await Migrator(
          [Migration("people", ["CREATE TABLE a (b $INT) $TABLE;"])] + Self.steps
        ).migrate(store, now: Self.now)
      }
      #expect(error?.description.contains("belongs to another service") == true)
    }
  }

  @Test(arguments: Backend.all)
  func `a step that fails keeps nothing of any step`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      await #expect(throws: StorageError.self) {
        try await Migrator(Self.steps + [Migration("broken", ["CREATE TABLE thing (x $INT)"])])
          .migrate(store, now: Self.now)
      }
      for table: SQL in ["SELECT id FROM thing", "SELECT id FROM schema"] {
        let error = await #expect(throws: StorageError.self) { try await store.count(table) }
        guard case .statementInvalid = error else {
          Issue.record("\(table.text): \(String(describing: error))")
          return
        }
      }
      try await expectEqual(Migrator(Self.steps).migrate(store, now: Self.now).count, 4)
    }
  }
}
