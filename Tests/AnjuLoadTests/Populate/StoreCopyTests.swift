import DomainModel
import Logging
import Storage
import StorageSQLite
import Synchronization
import TestSupport
import Testing

@testable import anju_load

/// A whole store copied; that its rows are those of the services `Tests/EndToEnd/test_populate.py`
/// looks at.
struct StoreCopyTests {
  private static let migrator = Migrator([
    Migration(
      "things",
      [
        """
        CREATE TABLE thing (
          id $IDENTITY,
          name $TEXT NOT NULL,
          bytes $BYTES,
          number $INT
        ) $TABLE;
        CREATE TABLE part (
          part_id $TEXT PRIMARY KEY,
          thing $INT NOT NULL REFERENCES thing (id)
        ) $TABLE;
        """
      ])
  ])
  /// More than one transaction takes.
  private static let count = 5_001

  private static func source(_ clock: FakeClock) async throws -> SQLiteStore {
    var options = SQLiteOptions()
    options.isInline = true
    let store = try SQLiteStore(
      .memory, options: options, time: clock, logger: Logger(label: "test"))
    try await Self.migrator.migrate(store, now: clock.now())
    try await store.write { transaction in
      for number in 1...Self.count {
        let bytes: [UInt8]? = number.isMultiple(of: 3) ? nil : [0, 255, UInt8(number & 255)]
        try transaction.execute(
          """
          INSERT INTO thing (name, bytes, number)
          VALUES (\("𬎆'\(number)"), \(bytes), \(Int64.max - Int64(number)))
          """)
        try transaction.execute(
          "INSERT INTO part (part_id, thing) VALUES (\("p\(number)"), \(number))")
      }
    }
    return store
  }

  private static func things(_ store: any Store) async throws -> [[SQLValue]] {
    try await store.read { snapshot in
      try snapshot.rows(
        "SELECT id, name, bytes, number, part_id FROM thing JOIN part ON thing = id ORDER BY id"
      ).map(\.values)
    }
  }

  @Test(.enabled(if: TestServer.shared != nil, "needs a PostgreSQL server: ANJU_POSTGRES"))
  func `every row arrives as it was, and new ones are numbered after them`() async throws {
    let clock = FakeClock()
    let source = try await Self.source(clock)
    try await TestEngine.postgres.withStore(clock) { target in
      try await Self.migrator.migrate(target, now: clock.now())
      let told = Mutex<[Int]>([])
      let copied = try await StoreCopy(source: source, target: target).run { count in
        told.withLock { $0.append(count) }
      }
      #expect(copied == 2 * Self.count)
      #expect(told.withLock { $0.last } == copied)
      #expect(try await Self.things(target) == Self.things(source))
      try await target.write { transaction in
        try transaction.execute("INSERT INTO thing (name) VALUES ('next')")
      }
      let next = try await target.read { snapshot in
        try snapshot.row("SELECT id FROM thing WHERE name = 'next'")?.int("id")
      }
      #expect(next == Self.count + 1)
    }
    await source.close()
  }

  @Test(.enabled(if: TestServer.shared != nil, "needs a PostgreSQL server: ANJU_POSTGRES"))
  func `a copy that was cut short is refused by every code`() async throws {
    let clock = FakeClock()
    let source = try await Self.source(clock)
    try await TestEngine.postgres.withStore(clock) { target in
      try await Self.migrator.migrate(target, now: clock.now())
      // What is there already breaks the copy in the middle.
      try await target.write { transaction in
        try transaction.execute("INSERT INTO thing (id, name) VALUES (4500, 'mine')")
      }
      await #expect(throws: StorageError.self) {
        _ = try await StoreCopy(source: source, target: target).run { _ in }
      }
      await #expect(throws: StorageError.self) {
        try await Self.migrator.migrate(target, now: clock.now())
      }
    }
    await source.close()
  }
}
