import DomainModel
import Foundation
import Storage
import StorageSQLite
import TestSupport
import Testing

@Suite struct ReaderTests {
  static let schema = ["CREATE TABLE thing (id $INT PRIMARY KEY, content $BYTES) $TABLE;"]

  @Test func `a read sees one state, whatever is written meanwhile`() async throws {
    try await Backend.file.withSQLite(Self.schema) { store in
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

  @Test func `a cancelled read is interrupted`() async throws {
    try await Backend.file.withSQLite(Self.schema) { store in
      let gate = Gate()
      let endless = Task {
        try await store.read { snapshot in
          gate.pass()
          return try snapshot.row(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000000)
            SELECT COUNT(*) AS c FROM n
            """)?.int("c")
        }
      }
      await gate.waitUntilEntered()
      gate.open()
      endless.cancel()
      await #expect(throws: CancellationError.self) { try await endless.value }
      #expect(store.fault == nil)
      try await expectEqual(store.count("SELECT 1"), 1)
    }
  }

  @Test func `reads are refused where too many wait`() async throws {
    var options = SQLiteOptions()
    options.readersMax = 1
    options.waitingReadsMax = 0
    try await Backend.file.withSQLite(Self.schema, options: options) { store in
      let error = await #expect(throws: ServiceError.self) {
        try await store.read { try $0.rows("SELECT 1") }
      }
      #expect(error?.reason == "OVERLOADED")
    }
  }

  @Test func `the log stays bounded under constant writes and reads`() async throws {
    var options = SQLiteOptions()
    options.checkpointPages = 40
    options.checkpointRestPages = 8
    options.walPagesMax = 200
    let (writers, writesEach) = (8, 200)
    try await withTemporaryFolder { folder in
      let path = folder + "/store.sqlite"
      let store = try SQLiteStore(.file(path), options: options, time: FakeTime(), logger: .silent)
      try await Migrator([Migration("1", Self.schema)]).migrate(
        store, now: Timestamp(milliseconds: 0))
      let content = [UInt8](repeating: 1, count: 2_000)
      try await withThrowingTaskGroup { group in
        // Somebody looks at some state all the time.
        for _ in 0..<4 {
          group.addTask {
            while !Task.isCancelled {
              _ = try? await store.count("SELECT id FROM thing ORDER BY id DESC LIMIT 50")
            }
          }
        }
        try await withThrowingTaskGroup { writing in
          for writer in 0..<writers {
            writing.addTask {
              for number in 0..<writesEach {
                let id = number * writers + writer
                try await store.write {
                  try $0.execute("INSERT INTO thing (id, content) VALUES (\(id), \(content))")
                }
              }
            }
          }
          try await writing.waitForAll()
        }
        group.cancelAll()
      }
      // Without starting over, the log would have a page and more for each write.
      let bound = 3 * Int(options.walPagesMax)
      #expect(store.statistics.logPagesHighest < bound)
      #expect(store.statistics.checkpoints > 2)
      let attributes = try FileManager.default.attributesOfItem(atPath: path + "-wal")
      let bytes = try #require(attributes[.size] as? Int)
      #expect(bytes < bound * 4_120)
      await store.close()
    }
  }
}
