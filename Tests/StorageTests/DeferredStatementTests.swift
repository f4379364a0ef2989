import DomainModel
import StoragePostgres
import Synchronization
import Testing

@testable import Storage

/// Statements whose outcome nobody looks at: their effect and their errors are those of any other.
@Suite struct DeferredStatementTests {
  static let schema = [
    """
    CREATE TABLE thing (id $INT PRIMARY KEY, name $TEXT NOT NULL, content $BYTES) $TABLE;
    CREATE UNIQUE INDEX thing_name ON thing (name);
    """
  ]

  private static func insert(_ id: Int, _ name: String? = nil) -> SQL {
    "INSERT INTO thing (id, name) VALUES (\(id), \(name ?? "thing \(id)"))"
  }

  /// More than go out in one piece.
  @Test(arguments: Backend.all)
  func `all are kept, in their order, and seen by the next statement`(
    _ backend: Backend
  ) async throws {
    let content = [UInt8](repeating: 7, count: 40_000)
    try await backend.withStore(Self.schema) { store in
      for first in [0, 1_000] {
        let seen = try await store.write { transaction in
          for id in first..<(first + 100) {
            try transaction.execute(Self.insert(id))
            try transaction.execute(
              "UPDATE thing SET name = \("again \(id)"), content = \(content) WHERE id = \(id)")
          }
          let seen = try transaction.rows("SELECT id FROM thing WHERE name LIKE 'again%'").count
          try transaction.execute(Self.insert(first + 100))
          return seen
        }
        #expect(seen == first / 10 + 100)
      }
      try await expectEqual(store.count("SELECT id FROM thing"), 202)
    }
  }

  /// More of them than go out in one piece, some before a statement that waits, some only before
  /// the commit.
  @Test(arguments: Backend.all)
  func `what they return is heard, each its own, by the time of the commit`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(Self.schema) { store in
      let heard = Mutex<[Int]>([])
      try await store.write { transaction in
        for id in 0..<100 {
          try transaction.execute("\(sql: Self.insert(id)) RETURNING id") { row in
            heard.withLock { $0.append((try? row.int("id")) ?? -1) }
          }
          try transaction.execute(Self.insert(1_000 + id))
          guard id == 40 else { continue }
          let count = try transaction.rows("SELECT id FROM thing").count
          let ids = heard.withLock(\.self)
          #expect(count == 82 && ids == Array(0...40))
        }
      }
      let ids = heard.withLock(\.self)
      #expect(ids == Array(0..<100))
    }
  }

  @Test(arguments: Backend.all)
  func `one that breaks a rule takes all with it, and says which rule`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(Self.schema) { store in
      try await store.write { try $0.execute(Self.insert(1, "taken")) }
      // Nothing after it, something after it, and a statement that waits for its answer.
      for number in 0..<3 {
        await #expect(throws: StorageError.uniqueViolation(constraint: "thing_name")) {
          try await store.write { transaction in
            try transaction.execute(Self.insert(2))
            try transaction.execute(Self.insert(3, "taken"))
            if number > 0 { try transaction.execute(Self.insert(4)) }
            if number > 1 { _ = try transaction.rows("SELECT id FROM thing") }
          }
        }
      }
      try await expectEqual(store.count("SELECT id FROM thing"), 1)
      // The connection is good for the next one.
      try await store.write { try $0.execute(Self.insert(5)) }
      try await expectEqual(store.count("SELECT id FROM thing"), 2)
    }
  }

  @Test(arguments: Backend.all)
  func `a closure that throws keeps none, whether they would have gone well or not`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(Self.schema) { store in
      try await store.write { try $0.execute(Self.insert(1)) }
      await #expect(throws: ServiceError(.caseNotFound)) {
        try await store.write { transaction in
          try transaction.execute(Self.insert(2))
          throw ServiceError(.caseNotFound)
        }
      }
      try await expectEqual(store.count("SELECT id FROM thing"), 1)
      try await store.write { try $0.execute(Self.insert(2)) }
    }
  }

  @Test(arguments: Backend.all)
  func `one that is no statement fails the write and names itself`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(Self.schema) { store in
      let error = await #expect(throws: StorageError.self) {
        try await store.write { transaction in
          try transaction.execute(Self.insert(1))
          try transaction.execute("INSERT INTO nothing (id) VALUES (1)")
          try transaction.execute(Self.insert(2))
        }
      }
      guard case .statementInvalid(_, let sql) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(sql.contains("nothing"))
      try await expectEqual(store.count("SELECT id FROM thing"), 0)
    }
  }

  @Test(.onPostgres) func `a connection lost before they were sent costs a second run`()
    async throws
  {
    try await withTestServer { test in
      try await test.withStore(Self.schema) { store in
        let runs = Mutex(0)
        try await store.write { transaction in
          try transaction.execute(Self.insert(1))
          let isFirst = runs.withLock { runs in
            runs += 1
            return runs == 1
          }
          if isFirst { _ = try transaction.rows("SELECT pg_terminate_backend(pg_backend_pid())") }
          try transaction.execute(Self.insert(2))
        }
        #expect(runs.withLock { $0 } == 2)
        try await expectEqual(store.count("SELECT id FROM thing"), 2)
      }
    }
  }
}
