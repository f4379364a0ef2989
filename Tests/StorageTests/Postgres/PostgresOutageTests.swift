import DomainModel
import Storage
import StoragePostgres
import Synchronization
import TestSupport
import Testing

/// What goes wrong while a store is open, and comes right again: callers hear UNAVAILABLE, `fault`
/// says what to do, nothing is half-written, and nobody restarts anything.
@Suite(.onPostgres) struct PostgresOutageTests {
  static let schema = [
    """
    CREATE TABLE pair (id $INT PRIMARY KEY) $TABLE;
    CREATE TABLE other (id $INT PRIMARY KEY) $TABLE;
    """
  ]

  /// One connection to write; nobody but callers finds out that a fault has gone.
  private static var options: PostgresOptions {
    var options = TestServer.options
    options.writersMax = 1
    options.checkMs = 60_000
    return options
  }

  private static func run(_ body: (PostgresStore) async throws -> Void) async throws {
    try await withTestServer {
      try await $0.withStore(Self.schema, options: Self.options, body)
    }
  }

  /// Two rows that belong together.
  static func write(_ id: Int, _ store: any Store) async throws {
    try await store.write { transaction in
      try transaction.execute("INSERT INTO pair (id) VALUES (\(id))")
      try transaction.execute("INSERT INTO other (id) VALUES (\(id))")
    }
  }

  static func expectRows(_ store: any Store, _ ids: [Int]) async throws {
    for table: SQL in ["SELECT id FROM pair ORDER BY id", "SELECT id FROM other ORDER BY id"] {
      let found = try await store.read { try $0.rows(table).map { try $0.int("id") } }
      #expect(found == ids, "\(table.text)")
    }
  }

  /// A write that is refused because the store is out of order.
  static func expectRefused(
    _ id: Int, _ store: any Store, sourceLocation: SourceLocation = #_sourceLocation
  ) async {
    let error = await #expect(throws: ServiceError.self, sourceLocation: sourceLocation) {
      try await Self.write(id, store)
    }
    #expect(error?.code == .unavailable, sourceLocation: sourceLocation)
    #expect(error?.reason == "STORE_UNAVAILABLE", sourceLocation: sourceLocation)
  }

  /// The statements, each in a transaction of its own.
  private static func execute(_ store: PostgresStore, _ statements: [String]) async throws {
    for statement in statements {
      try await store.write { try $0.execute(SQL(stringLiteral: statement)) }
    }
  }

  /// A trigger on the second table that does this once a transaction comes to it (or to its end).
  private static func trigger(_ action: String, deferred: Bool = false) -> [String] {
    [
      """
      CREATE FUNCTION hurt() RETURNS TRIGGER LANGUAGE plpgsql AS
        'BEGIN \(action); RETURN NEW; END'
      """,
      deferred
        ? """
        CREATE CONSTRAINT TRIGGER hurt AFTER INSERT ON other DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW EXECUTE FUNCTION hurt()
        """
        : "CREATE TRIGGER hurt BEFORE INSERT ON other FOR EACH ROW EXECUTE FUNCTION hurt()",
    ]
  }

  @Test func `a connection lost between two statements costs a second run and nothing else`()
    async throws
  {
    try await Self.run { store in
      let runs = Mutex(0)
      try await store.write { transaction in
        try transaction.execute("INSERT INTO pair (id) VALUES (1)")
        if runs.withLock({
          $0 += 1; return $0 == 1
        }) {
          _ = try transaction.rows("SELECT pg_terminate_backend(pg_backend_pid())")
        }
        try transaction.execute("INSERT INTO other (id) VALUES (1)")
      }
      #expect(runs.withLock { $0 } == 2)
      #expect(store.statistics.reruns == 1)
      try await Self.expectRows(store, [1])
      #expect(store.fault == nil)
    }
  }

  @Test func `a connection lost while the commit is under way is told, and not run again`()
    async throws
  {
    try await Self.run { store in
      let cut = Self.trigger("PERFORM pg_terminate_backend(pg_backend_pid())", deferred: true)
      try await Self.execute(store, cut)
      let before = store.statistics
      await Self.expectRefused(1, store)
      #expect(store.statistics.reruns == before.reruns)
      let text = store.fault?.description ?? ""
      #expect(text.contains("127.0.0.1:") && text.contains("whether it was kept is not known"))
      try await Self.execute(store, ["DROP TRIGGER hurt ON other"])
      try await Self.write(2, store)
      try await Self.expectRows(store, [2])
      #expect(store.fault == nil)
    }
  }

  @Test func `a disk that is full at the second of two rows keeps neither`() async throws {
    try await Self.run { store in
      let full = Self.trigger("RAISE EXCEPTION ''no room'' USING ERRCODE = ''53100''")
      try await Self.execute(store, full)
      for id in 1...3 { await Self.expectRefused(id, store) }
      guard case .full(let text) = store.fault else {
        Issue.record("\(String(describing: store.fault))")
        return
      }
      #expect(text.contains("127.0.0.1:") && text.contains("make room"))
      // What is there can be read, and a write that changes nothing hides no full disk.
      try await Self.expectRows(store, [])
      try await store.write { _ = try $0.rows("SELECT id FROM pair") }
      #expect(store.fault != nil)
      try await Self.execute(store, ["ALTER TABLE other DISABLE TRIGGER hurt"])
      try await Self.write(4, store)
      try await Self.expectRows(store, [4])
      #expect(store.fault == nil)
    }
  }

  /// As after a fail-over: the connection leads to what is a primary no more.
  @Test func `from a server that takes no writes any more it goes to one that does`() async throws {
    try await Self.run { store in
      try await Self.execute(
        store, ["SELECT set_config('default_transaction_read_only', 'on', false)"])
      let before = store.statistics
      try await Self.write(1, store)
      #expect(store.statistics.reruns == before.reruns + 1)
      #expect(store.statistics.connects == before.connects + 1)
      try await Self.expectRows(store, [1])
      #expect(store.fault == nil)
    }
  }

  @Test func `a user who may not write is told so when the store is opened`() async throws {
    try await Self.withClerk("") { test, clerk in
      try await test.administer(
        "ALTER ROLE \(clerk.user) SET default_transaction_read_only = on")
      let error = #expect(throws: StorageError.self) { _ = try TestServer.open(clerk) }
      let text = error?.description ?? ""
      #expect(
        text.contains("user \(clerk.user)") && text.contains("does it take writes"), "\(text)")
    }
  }

  @Test func `a server without a free connection serves those that it has`() async throws {
    try await Self.withClerk("CONNECTION LIMIT 1") { test, clerk in
      var options = TestServer.options
      options.writersMax = 2
      let store = try TestServer.open(clerk, options: options)
      // Now and then its other writer is the one to take a closure, and has no connection for it.
      try await Self.untilServed {
        try await Migrator([Migration("1", Self.schema)]).migrate(store, now: MigratorTests.now)
      }
      let gate = Gate()
      async let held: Void = Self.untilServed { try await store.write { _ in gate.pass() } }
      await gate.waitUntilEntered()
      await Self.expectRefused(1, store)
      let text = store.fault?.description ?? ""
      #expect(text.contains("no connection left") && text.contains("max_connections"), "\(text)")
      gate.open()
      try await held
      try await test.administer("ALTER ROLE \(clerk.user) CONNECTION LIMIT 20")
      // The keeper finds out; from then on the second writer has its connection too.
      while store.fault != nil { try await Task.sleep(for: .milliseconds(20)) }
      for id in 2...9 { try await Self.write(id, store) }
      try await Self.expectRows(store, Array(2...9))
      await store.close()
    }
  }

  private static func untilServed(_ body: () async throws -> Void) async throws {
    while true {
      do {
        return try await body()
      } catch let error as ServiceError where error.code == .unavailable {
        try await Task.sleep(for: .milliseconds(5))
      }
    }
  }

  /// A user without a superuser's rights, who may make tables in a schema of his own.
  private static func withClerk(
    _ rights: String, _ body: (TestServer, PostgresServer) async throws -> Void
  ) async throws {
    try await withTestServer { test in
      try await withTemporaryFolder { folder in
        try await test.withSchema { server in
          var clerk = server
          clerk.user = "clerk_\(server.schema)"
          clerk.passwordFile = folder + "/password"
          try PostgresFaultTests.write("clerk\n", to: folder + "/password")
          try await test.administer("CREATE ROLE \(clerk.user) LOGIN PASSWORD 'clerk' \(rights)")
          try await test.administer(
            "GRANT USAGE, CREATE ON SCHEMA \(server.schema) TO \(clerk.user)")
          do {
            try await body(test, clerk)
          } catch {
            Issue.record(error)
          }
          try await test.administer("DROP OWNED BY \(clerk.user) CASCADE")
          try await test.administer("DROP ROLE \(clerk.user)")
        }
      }
    }
  }
}
