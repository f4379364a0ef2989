import DomainModel
import Storage
import StoragePostgres
import Synchronization
import TestSupport
import Testing

/// What transactions do that meet.
@Suite(.onPostgres) struct PostgresTransactionTests {
  static let schema = [
    """
    CREATE TABLE thing (id $INT PRIMARY KEY, name $TEXT, count $INT NOT NULL DEFAULT 0) $TABLE;
    CREATE UNIQUE INDEX thing_name ON thing (name);
    """
  ]

  private static func run(
    _ body: (PostgresStore) async throws -> Void
  ) async throws {
    try await withTestServer { try await $0.withStore(Self.schema, body) }
  }

  /// How many of the runs of two closures so far have looked.
  private final class Runs: Sendable {
    private let count = Mutex(0)

    /// Counts one more; true for the first run of each.
    func isFirst() -> Bool {
      self.count.withLock { count in
        count += 1
        return count <= 2
      }
    }
  }

  /// Runs two closures that each look before either goes on; returns what both say.
  private static func both(
    _ store: PostgresStore, look: SQL,
    _ change: @escaping @Sendable (Transaction, _ number: Int, _ found: Int) throws -> Bool
  ) async throws -> [Bool] {
    let runs = Runs()
    let gates = [Gate(), Gate()]
    return try await withThrowingTaskGroup(of: Bool.self) { group in
      for (number, gate) in gates.enumerated() {
        group.addTask {
          try await store.write { transaction in
            let found = try transaction.rows(look).count
            if runs.isFirst() { gate.pass() }
            return try change(transaction, number, found)
          }
        }
      }
      for gate in gates { await gate.waitUntilEntered() }
      for gate in gates { gate.open() }
      return try await group.reduce(into: []) { $0.append($1) }
    }
  }

  /// Two doctors are on call, each may go if another stays: the textbook's write skew.
  @Test func `of two that decide on what the other changes, one decides anew`() async throws {
    try await Self.run { store in
      try await store.write {
        try $0.execute("INSERT INTO thing (id, count) VALUES (1, 1), (2, 1)")
      }
      let outcomes = try await Self.both(store, look: "SELECT id FROM thing WHERE count = 1") {
        transaction, number, found in
        guard found > 1 else { return false }
        try transaction.execute("UPDATE thing SET count = 0 WHERE id = \(number + 1)")
        return true
      }
      #expect(outcomes.sorted { $1 && !$0 } == [false, true])
      try await expectEqual(store.count("SELECT id FROM thing WHERE count = 1"), 1)
      #expect(store.statistics.conflicts >= 1)
    }
  }

  /// Both look for the name and find none; the second runs into the first one's row and, run again,
  /// finds it.
  @Test func `of two that make the same row, one finds it made`() async throws {
    try await Self.run { store in
      let outcomes = try await Self.both(store, look: "SELECT id FROM thing WHERE name = 'same'") {
        transaction, number, found in
        if found > 0 { return false }
        try transaction.execute("INSERT INTO thing (id, name) VALUES (\(number), 'same')")
        return true
      }
      #expect(outcomes.sorted { $1 && !$0 } == [false, true])
      try await expectEqual(store.count("SELECT id FROM thing"), 1)
    }
  }

  @Test func `a closure that always meets another is given up after its tries`() async throws {
    try await Self.run { store in
      let runs = Mutex(0)
      let error = await #expect(throws: ServiceError.self) {
        try await store.write { transaction in
          try transaction.execute("INSERT INTO thing (id) VALUES (1)")
          runs.withLock { $0 += 1 }
          throw StorageError.serializationFailure
        }
      }
      #expect(error?.reason == "STORE_UNAVAILABLE")
      #expect(runs.withLock { $0 } == TestServer.options.triesMax)
      try await expectEqual(store.count("SELECT id FROM thing"), 0)
      #expect(store.fault == nil)
    }
  }

  @Test func `a lock shows what the one before wrote, also when asked for late`() async throws {
    try await Self.run { store in
      try await store.write { try $0.execute("INSERT INTO thing (id) VALUES (1)") }
      for isLate in [false, true] {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<12 {
            group.addTask {
              try await store.write { transaction in
                if isLate { _ = try transaction.rows("SELECT id FROM thing") }
                try transaction.lock("thing")
                let count = try transaction.row("SELECT count FROM thing")?.int("count") ?? 0
                try transaction.execute("UPDATE thing SET count = \(count + 1)")
                return
              }
            }
          }
          try await group.waitForAll()
        }
      }
      let count = try await store.read { try $0.row("SELECT count FROM thing")?.int("count") }
      #expect(count == 24)
    }
  }

  @Test func `three replicas that start at once bring the schema up once`() async throws {
    try await withTestServer { test in
      try await test.withSchema { server in
        let stores = try (0..<3).map { _ in try TestServer.open(server) }
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
          for store in stores {
            group.addTask {
              try await Migrator(MigratorTests.steps).migrate(store, now: MigratorTests.now)
            }
          }
          return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied.sorted() == MigratorTests.steps.map(\.name).sorted())
        for store in stores { await store.close() }
      }
    }
  }

  @Test func `the queue refuses instead of growing`() async throws {
    var options = TestServer.options
    options.writersMax = 1
    options.waitingWritesMax = 3
    try await withTestServer { test in
      try await test.withStore(Self.schema, options: options) { store in
        let gate = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask { try await store.write { _ in gate.pass() } }
          await gate.waitUntilEntered()
          for id in 0..<3 {
            group.addTask {
              try await store.write { transaction in
                try transaction.execute("INSERT INTO thing (id) VALUES (\(id))")
                return
              }
            }
          }
          while store.waitingWrites < 3 { await Task.yield() }
          let error = await #expect(throws: ServiceError.self) {
            try await store.write { try $0.execute("INSERT INTO thing (id) VALUES (3)") }
          }
          #expect(error?.reason == "OVERLOADED")
          gate.open()
          try await group.waitForAll()
        }
        try await expectEqual(store.count("SELECT id FROM thing"), 3)
      }
    }
  }

  @Test(arguments: ["BEGIN", "COMMIT", " end", "ROLLBACK", "SAVEPOINT a", "start transaction"])
  func `a closure cannot end its transaction`(_ text: String) async throws {
    try await Self.run { store in
      await #expect(
        throws: StorageError.statementInvalid("a closure cannot end its transaction", sql: text)
      ) {
        try await store.write { transaction in
          try transaction.execute("INSERT INTO thing (id) VALUES (1)")
          try transaction.execute(SQL(stringLiteral: text))
        }
      }
      try await expectEqual(store.count("SELECT id FROM thing"), 0)
    }
  }
}
