import DomainModel
import Testing

@testable import Storage

@Suite struct StoreTests {
  static let schema = [
    """
    CREATE TABLE thing (
      id $TEXT PRIMARY KEY,
      name $TEXT,
      count $INT NOT NULL DEFAULT 0 CONSTRAINT thing_count CHECK (count >= 0),
      content $BYTES,
      owner $TEXT REFERENCES thing (id),
      UNIQUE (name, count)
    ) $TABLE;
    CREATE UNIQUE INDEX thing_content ON thing (content) WHERE count > 0;
    CREATE TABLE numbered (n $INT PRIMARY KEY) $TABLE;
    """
  ]

  enum Colour: String { case red, green }

  @Test(arguments: Backend.all)
  func `every kind of value comes back as it went in`(_ backend: Backend) async throws {
    let values: [SQLValue] = [
      .null, .integer(.min), .integer(.max), .text(""), .text("王x"), .text("𬎆·买买提"),
      .bytes([]), .bytes([0, 255]),
    ]
    try await backend.withStore { store in
      let found = try await store.read { snapshot in
        try values.map { value in
          let sql: SQL =
            switch value {
            case .null: "SELECT \(String?.none) AS v"
            case .integer(let integer): "SELECT \(integer) AS v"
            case .text(let text): "SELECT \(text) AS v"
            case .bytes(let bytes): "SELECT \(bytes) AS v"
            }
          return try snapshot.row(sql)?.value("v")
        }
      }
      #expect(found == values)
    }
  }

  @Test(arguments: Backend.all)
  func `typed columns decode by name`(_ backend: Backend) async throws {
    let on = try #require(CivilDate(iso: "2024-02-29"))
    let at = Timestamp(milliseconds: 1_709_164_800_123)
    try await backend.withStore { store in
      try await store.read { snapshot in
        let row = try #require(
          try snapshot.row(
            """
            SELECT \(at) AS at, \(on) AS day, \(true) AS yes, \(ID<Person>("p")) AS id,
              \(Colour.green) AS colour, \(Colour?.none) AS none
            """))
        #expect(try row.timestamp("at") == at)
        #expect(try row.date("day") == on)
        #expect(try row.bool("yes"))
        #expect(try row.id("id", of: Person.self) == ID("p"))
        #expect(try row.choice("colour", as: Colour.self) == .green)
        #expect(try row.optionalText("none") == nil)
      }
    }
  }

  @Test(arguments: Backend.all)
  func `a closure that throws keeps nothing`(_ backend: Backend) async throws {
    try await backend.withStore(Self.schema) { store in
      await #expect(throws: ServiceError(.caseNotFound)) {
        try await store.write { transaction in
          try transaction.execute("INSERT INTO thing (id) VALUES ('a')")
          throw ServiceError(.caseNotFound)
        }
      }
      try await expectEqual(store.count("SELECT id FROM thing"), 0)
    }
  }

  @Test(arguments: Backend.all)
  func `a closure that goes on after a failed statement has failed`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(Self.schema) { store in
      await #expect(throws: StorageError.transactionFailed) {
        try await store.write { transaction in
          try transaction.execute("INSERT INTO thing (id) VALUES ('a')")
          do { _ = try transaction.changedRows("INSERT INTO thing (id) VALUES ('a')") } catch {}
        }
      }
      try await expectEqual(store.count("SELECT id FROM thing"), 0)
    }
  }

  @Test(arguments: Backend.all)
  func `a snapshot cannot write`(_ backend: Backend) async throws {
    try await backend.withStore(Self.schema) { store in
      await #expect(throws: StorageError.self) {
        try await store.read { try $0.rows("INSERT INTO thing (id) VALUES ('a') RETURNING id") }
      }
      try await expectEqual(store.count("SELECT id FROM thing"), 0)
    }
  }

  struct Broken: Sendable, CustomTestStringConvertible {
    let sql: SQL
    let error: StorageError
    var testDescription: String { self.sql.text }
  }

  static let broken = [
    Broken(
      sql: "INSERT INTO thing (id) VALUES ('a')",
      error: .uniqueViolation(constraint: "thing_pkey")),
    Broken(
      sql: "INSERT INTO thing (id, name, count) VALUES ('b', 'n', 1)",
      error: .uniqueViolation(constraint: "thing_name_count_key")),
    Broken(
      sql: "INSERT INTO thing (id, count, content) VALUES ('b', 2, \("x"))",
      error: .statementInvalid("", sql: "")),
    Broken(
      sql: "INSERT INTO thing (id, count, content) VALUES ('b', 2, \([UInt8]([1])))",
      error: .uniqueViolation(constraint: "thing_content")),
    Broken(
      sql: "INSERT INTO numbered (n) VALUES (1)",
      error: .uniqueViolation(constraint: "numbered_pkey")),
    Broken(
      sql: "INSERT INTO thing (id, owner) VALUES ('b', 'nobody')", error: .foreignKeyViolation),
    Broken(
      sql: "INSERT INTO thing (id, count) VALUES ('b', \(-1))",
      error: .checkViolation(constraint: "thing_count")),
    Broken(
      sql: "INSERT INTO thing (id, count) VALUES ('b', \(Int?.none))",
      error: .notNullViolation(column: "thing.count")),
    Broken(sql: "SELEC 1", error: .statementInvalid("", sql: "")),
    Broken(sql: "SELECT id FROM nothing", error: .statementInvalid("", sql: "")),
  ]

  @Test(arguments: Backend.all, broken)
  func `a broken rule is told by its name`(_ backend: Backend, _ broken: Broken) async throws {
    try await backend.withStore(Self.schema) { store in
      try await store.write { transaction in
        try transaction.execute(
          """
          INSERT INTO thing (id, name, count, content) VALUES ('a', 'n', 1, \([UInt8]([1])))
          """)
        try transaction.execute("INSERT INTO numbered (n) VALUES (1)")
      }
      let error = await #expect(throws: StorageError.self) {
        try await store.write { try $0.execute(broken.sql) }
      }
      if case .statementInvalid = broken.error {
        guard case .statementInvalid(_, let sql) = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(sql == broken.sql.text)
      } else {
        #expect(error == broken.error)
      }
    }
  }

  @Test(arguments: Backend.all)
  func `an undecodable value is named and withheld`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let error = await #expect(throws: StorageError.self) {
        try await store.read { try $0.row("SELECT \("330102199003077897") AS idno")?.int("idno") }
      }
      let text = try #require(error).description
      #expect(text.contains("column idno should hold Int and holds text, in: SELECT ? AS idno"))
      #expect(!text.contains("330102"))
    }
  }

  @Test(arguments: Backend.all)
  func `a result longer than its bound is refused`(_ backend: Backend) async throws {
    try await backend.withStore { store in
      let sql: SQL = "SELECT 1 AS n UNION ALL SELECT 2"
      await #expect(throws: StorageError.tooManyRows(rowsMax: 1, sql: sql.text)) {
        try await store.read { try $0.row(sql) }
      }
      try await expectEqual(store.count(sql), 2)
    }
  }

  @Test(arguments: Backend.all)
  func `two hundred writers at once lose no update`(_ backend: Backend) async throws {
    try await backend.withStore(Self.schema) { store in
      try await store.write { try $0.execute("INSERT INTO thing (id) VALUES ('a')") }
      try await withThrowingTaskGroup { group in
        for _ in 0..<200 {
          group.addTask {
            try await store.write { transaction in
              let row = try transaction.row("SELECT count FROM thing WHERE id = 'a'")
              let count = try row?.int("count") ?? 0
              try transaction.execute("UPDATE thing SET count = \(count + 1) WHERE id = 'a'")
            }
          }
        }
        try await group.waitForAll()
      }
      let count = try await store.read {
        try $0.row("SELECT count FROM thing WHERE id = 'a'")?.int("count")
      }
      #expect(count == 200)
    }
  }

  @Test(arguments: Backend.all)
  func `a closed store says it is unavailable`(_ backend: Backend) async throws {
    try await backend.withStore(Self.schema) { store in
      await store.close()
      let error = await #expect(throws: ServiceError.self) {
        try await store.write { try $0.execute("INSERT INTO thing (id) VALUES ('a')") }
      }
      #expect(error?.reason == "STORE_UNAVAILABLE")
    }
  }
}
