import DomainModel
import Storage
import StoragePostgres
import StorageSQLite
import TestSupport
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
            "\(store.name): the store's schema is version 4 and needs code of version 3 or "
              + "later; this code is version \(row.version): start a newer release")
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
      #expect(error?.description.hasPrefix("\(store.name): ") == true)
    }
  }

  @Test func `a refusal names the file`() async throws {
    try await Backend.file.withSQLite { store in
      #expect(store.name.hasSuffix("/store.sqlite"))
    }
  }

  @Test(.onPostgres) func `a refusal names server and database`() async throws {
    try await withTestServer { server in
      try await server.withStore { store in
        let port = try server.place().port
        #expect(store.name == "PostgreSQL at 127.0.0.1:\(port), database anju, user anju")
      }
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

  @Test(arguments: Backend.all, 1...3)
  func `a release whose last step fails leaves the earlier version whole, and it works on`(
    _ backend: Backend, _ earlier: Int
  ) async throws {
    try await backend.withStore { store in
      let old = Migrator(Array(Self.steps.prefix(earlier)))
      try await old.migrate(store, now: Self.now)
      try await store.write { transaction in
        try transaction.execute(
          earlier < 3
            ? "INSERT INTO thing (id, name) VALUES (7, 'n')" : "INSERT INTO thing (id) VALUES (7)")
      }
      // The rows are changed before the step that fails, and must be as they were.
      let failing = Migration(
        "broken", ["UPDATE thing SET id = id + 1;", "CREATE TABLE thing (x $INT) $TABLE;"])
      await #expect(throws: StorageError.self) {
        try await Migrator(Self.steps + [failing]).migrate(store, now: Self.now)
      }
      try await expectEqual(Self.names(store), Self.steps.prefix(earlier).map(\.name))
      try await expectEqual(old.migrate(store, now: Self.now), [])
      try await store.write { transaction in
        try transaction.execute(
          earlier < 3
            ? "UPDATE thing SET name = 'm' WHERE id = 7" : "UPDATE thing SET colour = 'b'")
      }
      try await expectEqual(store.count("SELECT id FROM thing"), 1)
      try await expectEqual(
        Migrator(Self.steps).migrate(store, now: Self.now),
        Self.steps.dropFirst(earlier).map(\.name))
      try await expectEqual(store.count("SELECT id FROM thing WHERE id = 7"), 1)
    }
  }

  /// Each opener has a store of its own where an engine lets several have one database.
  private static func migrateAtOnce(
    _ stores: [any Store], openers: Int
  ) async throws -> [[String]] {
    try await withThrowingTaskGroup(of: [String].self) { group in
      for opener in 0..<openers {
        let store = stores[opener % stores.count]
        group.addTask { try await Migrator(Self.steps).migrate(store, now: Self.now) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  @Test(arguments: Backend.exclusive, [0, 1])
  func `openers at once bring a store up to date once`(
    _ backend: Backend, _ earlier: Int
  ) async throws {
    try await backend.withStore { store in
      try await Migrator(Array(Self.steps.prefix(earlier))).migrate(store, now: Self.now)
      let applied = try await Self.migrateAtOnce([store], openers: 8)
      #expect(applied.filter { !$0.isEmpty } == [Self.steps.dropFirst(earlier).map(\.name)])
    }
  }

  @Test(.onPostgres, arguments: [0, 1])
  func `replicas that start at once bring their database up to date once`(
    _ earlier: Int
  ) async throws {
    try await withTestServer { server in
      try await server.withSchema { place in
        let stores = try (0..<3).map { _ in try TestServer.open(place) }
        try await Migrator(Array(Self.steps.prefix(earlier))).migrate(stores[0], now: Self.now)
        let applied = try await Self.migrateAtOnce(stores, openers: 8)
        #expect(applied.filter { !$0.isEmpty } == [Self.steps.dropFirst(earlier).map(\.name)])
        try await expectEqual(Self.names(stores[1]), Self.steps.map(\.name))
        for store in stores { await store.close() }
      }
    }
  }
}
