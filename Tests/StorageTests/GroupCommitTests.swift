import DomainModel
import Storage
import StorageSQLite
import Synchronization
import TestSupport
import Testing

/// What happens inside a group of writes. A gate holds the writer until the group has formed.
@Suite struct GroupCommitTests {
  static let schema = ["CREATE TABLE thing (id $INT PRIMARY KEY, content $BYTES) $TABLE;"]

  /// What a member of the group does beside inserting its row.
  struct Wrecker: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let losesGroup: Bool
    /// How often each of the others runs.
    let runsOfOthers: Int
    let act: @Sendable (Transaction) throws -> Void
  }

  static let wreckers = [
    Wrecker(testDescription: "throws before it writes", losesGroup: false, runsOfOthers: 1) { _ in
      throw ServiceError(.caseNotFound)
    },
    Wrecker(testDescription: "throws after it wrote", losesGroup: false, runsOfOthers: 2) {
      transaction in
      try transaction.execute("INSERT INTO thing (id) VALUES (100)")
      throw ServiceError(.caseNotFound)
    },
    Wrecker(testDescription: "breaks a unique index", losesGroup: false, runsOfOthers: 2) {
      transaction in
      try transaction.execute("INSERT INTO thing (id) VALUES (100)")
      try transaction.execute("INSERT INTO thing (id) VALUES (0)")
    },
    Wrecker(testDescription: "has its group rolled back", losesGroup: true, runsOfOthers: 2) {
      transaction in
      try transaction.execute("INSERT INTO thing (id) VALUES (100)")
      try transaction.execute("INSERT OR ROLLBACK INTO thing (id) VALUES (100)")
    },
    Wrecker(testDescription: "goes on after the rollback", losesGroup: true, runsOfOthers: 2) {
      transaction in
      try transaction.execute("INSERT INTO thing (id) VALUES (100)")
      do {
        try transaction.execute("INSERT OR ROLLBACK INTO thing (id) VALUES (100)")
      } catch {}
      try transaction.execute("INSERT INTO thing (id) VALUES (101)")
    },
    Wrecker(testDescription: "fills the disk", losesGroup: true, runsOfOthers: 2) { transaction in
      try transaction.execute(
        "INSERT INTO thing (id, content) VALUES (100, \([UInt8](repeating: 7, count: 4_000_000)))")
    },
  ]

  @Test(arguments: [Backend.file, .memory], wreckers)
  func `one member's failure is its own`(_ backend: Backend, _ wrecker: Wrecker) async throws {
    try await backend.withSQLite(Self.schema) { store in
      try await store.write { _ = try $0.rows("PRAGMA max_page_count = 200") }
      let before = store.statistics
      let runs = Mutex([Int: Int]())
      let gate = Gate()
      let outcomes = try await self.outcomes(of: 8, on: store, gate) { member, transaction in
        runs.withLock { $0[member, default: 0] += 1 }
        if member == 4 { try wrecker.act(transaction) }
        try transaction.execute("INSERT INTO thing (id) VALUES (\(member))")
      }
      #expect(outcomes.filter(\.value).map(\.key).sorted() == [0, 1, 2, 3, 5, 6, 7])
      let rows = try await store.read { snapshot in
        try snapshot.rows("SELECT id FROM thing ORDER BY id").map { try $0.int("id") }
      }
      #expect(rows == [0, 1, 2, 3, 5, 6, 7])
      let after = store.statistics
      #expect(after.groupsLost - before.groupsLost == (wrecker.losesGroup ? 1 : 0))
      #expect(runs.withLock { $0[0] } == wrecker.runsOfOthers)
      // The gate's own commit and the group's.
      if !wrecker.losesGroup { #expect(after.commits - before.commits == 2) }
    }
  }

  /// Writes `count` members as one group; says who was acknowledged.
  private func outcomes(
    of count: Int, on store: SQLiteStore, _ gate: Gate,
    _ body: @escaping @Sendable (Int, Transaction) throws -> Void
  ) async throws -> [Int: Bool] {
    try await withThrowingTaskGroup(of: (Int, Bool)?.self) { group in
      group.addTask {
        try await store.write { _ in gate.pass() }
        return nil
      }
      await gate.waitUntilEntered()
      for member in 0..<count {
        group.addTask {
          do {
            try await store.write { try body(member, $0) }
            return (member, true)
          } catch {
            return (member, false)
          }
        }
        await store.waitUntilWaiting(member + 1)
      }
      gate.open()
      var outcomes: [Int: Bool] = [:]
      for try await outcome in group {
        if let outcome { outcomes[outcome.0] = outcome.1 }
      }
      return outcomes
    }
  }

  @Test(arguments: [Backend.file, .memory], [true, false])
  func `a member that met another transaction runs again, the others do not`(
    _ backend: Backend, _ hasWritten: Bool
  ) async throws {
    try await backend.withSQLite(Self.schema) { store in
      let runs = Mutex([Int: Int]())
      let outcomes = try await self.outcomes(of: 6, on: store, Gate()) { member, transaction in
        let run = runs.withLock { runs in
          runs[member, default: 0] += 1
          return runs[member, default: 0]
        }
        if hasWritten { try transaction.execute("INSERT INTO thing (id) VALUES (\(member))") }
        // The second member meets another at its first three runs, the fifth for ever.
        if (member == 1 && run <= 3) || member == 4 { throw StorageError.serializationFailure }
        if !hasWritten { try transaction.execute("INSERT INTO thing (id) VALUES (\(member))") }
      }
      #expect(outcomes.filter(\.value).map(\.key).sorted() == [0, 1, 2, 3, 5])
      let rows = try await store.read { snapshot in
        try snapshot.rows("SELECT id FROM thing ORDER BY id").map { try $0.int("id") }
      }
      #expect(rows == [0, 1, 2, 3, 5])
      #expect(runs.withLock { $0[0] } == (hasWritten ? 2 : 1))
      #expect(runs.withLock { ($0[4] ?? 0) < 10 })
      #expect(store.fault == nil)
    }
  }

  @Test(arguments: Backend.all)
  func `a lone closure that met another transaction runs again`(_ backend: Backend) async throws {
    try await backend.withStore(Self.schema) { store in
      let runs = Mutex(0)
      try await store.write { transaction in
        try transaction.execute("INSERT INTO thing (id) VALUES (1)")
        let run = runs.withLock { runs in
          runs += 1
          return runs
        }
        if run < 3 { throw StorageError.serializationFailure }
      }
      try await expectEqual(store.count("SELECT id FROM thing"), 1)
    }
  }

  @Test func `a lost group leaves the store in order`() async throws {
    try await Backend.file.withSQLite(Self.schema) { store in
      await #expect(throws: StorageError.uniqueViolation(constraint: "thing_pkey")) {
        try await store.write { transaction in
          try transaction.execute("INSERT INTO thing (id) VALUES (1)")
          try transaction.execute("INSERT OR ROLLBACK INTO thing (id) VALUES (1)")
        }
      }
      try await store.write { try $0.execute("INSERT INTO thing (id) VALUES (1)") }
      #expect(store.fault == nil)
    }
  }

  @Test(arguments: ["BEGIN", "COMMIT", " end", "ROLLBACK", "SAVEPOINT a", "RELEASE a"])
  func `a closure cannot end its transaction`(_ text: String) async throws {
    try await Backend.file.withSQLite(Self.schema) { store in
      await #expect(
        throws: StorageError.statementInvalid("a closure cannot end its transaction", sql: text)
      ) {
        try await store.write { transaction in
          Self.insert(1, transaction)
          try transaction.execute(SQL(stringLiteral: text))
        }
      }
      try await expectEqual(store.count("SELECT id FROM thing"), 0)
    }
  }

  @Test func `the queue refuses instead of growing`() async throws {
    var options = SQLiteOptions()
    options.waitingWritesMax = 3
    try await Backend.file.withSQLite(Self.schema, options: options) { store in
      let gate = Gate()
      try await withThrowingTaskGroup { group in
        group.addTask { try await store.write { _ in gate.pass() } }
        await gate.waitUntilEntered()
        for member in 0..<3 {
          group.addTask { try await store.write { Self.insert(member, $0) } }
        }
        await store.waitUntilWaiting(3)
        let error = await #expect(throws: ServiceError.self) {
          try await store.write { Self.insert(3, $0) }
        }
        #expect(error?.reason == "OVERLOADED")
        #expect((error?.retryDelayMs ?? 0) > 0)
        gate.open()
        try await group.waitForAll()
      }
      try await expectEqual(store.count("SELECT id FROM thing"), 3)
    }
  }

  private static func insert(_ id: Int, _ transaction: Transaction) {
    do {
      try transaction.execute("INSERT INTO thing (id) VALUES (\(id))")
    } catch {
      Issue.record(error)
    }
  }

  @Test func `a cancelled write leaves the queue, a begun one runs to its end`() async throws {
    try await Backend.file.withSQLite(Self.schema) { store in
      let gate = Gate()
      let begun = Task {
        try await store.write { transaction in
          gate.pass()
          Self.insert(1, transaction)
        }
      }
      await gate.waitUntilEntered()
      let waiting = Task { try await store.write { Self.insert(2, $0) } }
      await store.waitUntilWaiting(1)
      waiting.cancel()
      begun.cancel()
      await #expect(throws: CancellationError.self) { try await waiting.value }
      #expect(store.waitingWrites == 0)
      gate.open()
      try await begun.value
      let rows = try await store.read { snapshot in
        try snapshot.rows("SELECT id FROM thing").map { try $0.int("id") }
      }
      #expect(rows == [1])
    }
  }

  @Test(arguments: Backend.all)
  func `a task cancelled before it writes does not write`(_ backend: Backend) async throws {
    try await backend.withStore(Self.schema) { store in
      let task = Task {
        while !Task.isCancelled { await Task.yield() }
        try await store.write { Self.insert(1, $0) }
      }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      try await expectEqual(store.count("SELECT id FROM thing"), 0)
    }
  }
}
