import DomainModel
import Foundation
import Storage
import StorageEngine
import Testing

@testable import StorageSQLite

/// Disks, folders and files that are not as they should be.
@Suite struct FaultTests {
  private static func open(_ path: String) throws -> SQLiteStore {
    var options = SQLiteOptions()
    options.busyMs = 40
    return try SQLiteStore(.file(path), options: options, time: FakeTime(), logger: .silent)
  }

  @Test func `a missing folder is named`() async throws {
    try await withTemporaryFolder { folder in
      let error = #expect(throws: StorageError.self) {
        _ = try Self.open(folder + "/nowhere/store.sqlite")
      }
      guard case .cannotOpen(let text) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(text.contains("/nowhere/store.sqlite") && text.contains("folder must exist"))
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
  func `a read-only folder is named`() async throws {
    try await withTemporaryFolder { folder in
      chmod(folder, 0o500)
      defer { chmod(folder, 0o700) }
      let error = #expect(throws: StorageError.self) { _ = try Self.open(folder + "/store.sqlite") }
      guard case .readOnly(let text) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(text.contains(folder))
    }
  }

  @Test func `a file that is no database is refused`() async throws {
    try await withTemporaryFolder { folder in
      let path = folder + "/store.sqlite"
      try Data(repeating: 0x42, count: 8_192).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: StorageError.self) { _ = try Self.open(path) }
      guard case .corrupt(let text) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(text.contains(path) && text.contains("not a SQLite database"))
    }
  }

  /// A store's file with twenty pages overwritten in the middle.
  private static func damagedFile(in folder: String) async throws -> String {
    let path = folder + "/store.sqlite"
    let store = try Self.open(path)
    try await Migrator([Migration("1", ReaderTests.schema)]).migrate(
      store, now: Timestamp(milliseconds: 0))
    for id in 0..<200 {
      let content = [UInt8](repeating: UInt8(id), count: 1_000)
      try await store.write {
        try $0.execute("INSERT INTO thing (id, content) VALUES (\(id), \(content))")
      }
    }
    await store.close()
    let file = try #require(FileHandle(forUpdatingAtPath: path))
    try file.seek(toOffset: 4_096 * 6)
    try file.write(contentsOf: Data(repeating: 0xFF, count: 4_096 * 20))
    try file.close()
    return path
  }

  @Test func `a damaged file is refused when it is opened`() async throws {
    try await withTemporaryFolder { folder in
      let path = try await Self.damagedFile(in: folder)
      let error = #expect(throws: StorageError.self) { _ = try Self.open(path) }
      guard case .corrupt(let text) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(text.contains(path) && text.contains("restore it from a backup"))
    }
  }

  @Test func `damage in a large file is found while it is used, and ends nothing`() async throws {
    try await withTemporaryFolder { folder in
      let path = try await Self.damagedFile(in: folder)
      var options = SQLiteOptions()
      options.checkedBytesMax = 0
      let damaged = try SQLiteStore(
        .file(path), options: options, time: FakeTime(), logger: .silent)
      // Found without anybody having read.
      while damaged.fault == nil { await Task.yield() }
      guard case .corrupt(let text) = damaged.fault else {
        Issue.record("\(String(describing: damaged.fault))")
        return
      }
      #expect(text.contains(path) && text.contains("backup"))
      let error = await #expect(throws: ServiceError.self) {
        try await damaged.read { try $0.rows("SELECT id, content FROM thing") }
      }
      #expect(error?.reason == "STORE_UNAVAILABLE")
      await damaged.close()
    }
  }

  @Test func `a store that is closed while it is looked through lets go at once`() async throws {
    try await withTemporaryFolder { folder in
      let path = folder + "/store.sqlite"
      var options = SQLiteOptions()
      options.checkedBytesMax = 0
      for round in 0..<20 {
        let store = try SQLiteStore(
          .file(path), options: options, time: FakeTime(), logger: .silent)
        try await Migrator([Migration("1", ReaderTests.schema)]).migrate(
          store, now: Timestamp(milliseconds: 0))
        try await store.write {
          try $0.execute(
            "INSERT INTO thing (id, content) VALUES (\(round), \([UInt8](repeating: 1, count: 9_000)))"
          )
        }
        #expect(store.fault == nil)
        await store.close()
      }
    }
  }

  @Test func `a file that another process has is refused, and opens once it is free`() async throws
  {
    try await withTemporaryFolder { folder in
      let path = folder + "/store.sqlite"
      let first = try Self.open(path)
      let error = #expect(throws: StorageError.self) { _ = try Self.open(path) }
      guard case .busy(let text) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(text.contains(path))
      await first.close()
      let second = try Self.open(path)
      await second.close()
    }
  }

  @Test func `a full disk refuses writes until there is room`() async throws {
    try await Backend.file.withSQLite(ReaderTests.schema) { store in
      let content = [UInt8](repeating: 1, count: 3_000_000)
      try await store.write { _ = try $0.rows("PRAGMA max_page_count = 100") }
      let error = await #expect(throws: ServiceError.self) {
        try await store.write {
          try $0.execute("INSERT INTO thing (id, content) VALUES (1, \(content))")
        }
      }
      #expect(error?.reason == "STORE_UNAVAILABLE")
      guard case .full = store.fault else {
        Issue.record("\(String(describing: store.fault))")
        return
      }
      try await store.write { _ = try $0.rows("PRAGMA max_page_count = 100000") }
      try await store.write {
        try $0.execute("INSERT INTO thing (id, content) VALUES (1, \(content))")
      }
      #expect(store.fault == nil)
      try await expectEqual(store.count("SELECT id FROM thing"), 1)
    }
  }

  /// A store that has just refused a write because its file may not grow.
  private static func withFullStore(
    _ body: (SQLiteStore) async throws -> Void
  ) async throws {
    try await Backend.file.withSQLite(ReaderTests.schema) { store in
      try await store.write { transaction in
        let pages = try transaction.row("PRAGMA page_count")?.int("page_count") ?? 0
        _ = try transaction.rows(SQL(stringLiteral: "PRAGMA max_page_count = \(pages)"))
      }
      let content = [UInt8](repeating: 1, count: 3_000_000)
      await #expect(throws: ServiceError.self) {
        try await store.write {
          try $0.execute("INSERT INTO thing (id, content) VALUES (1, \(content))")
        }
      }
      try await body(store)
    }
  }

  private static func isFull(_ store: SQLiteStore) -> Bool {
    if case .full = store.fault { return true }
    return false
  }

  @Test func `neither a read nor a write that changes nothing hides a full disk`() async throws {
    try await Self.withFullStore { store in
      for _ in 0..<3 {
        try await store.write { _ = try $0.rows("SELECT id FROM thing") }
        try await store.write { try $0.execute("DELETE FROM thing WHERE id = 99") }
        _ = try await store.count("SELECT id FROM thing")
      }
      #expect(Self.isFull(store))
    }
  }

  @Test func `a disk that has room again is found out though nobody writes`() async throws {
    try await Self.withFullStore { store in
      try await store.write { _ = try $0.rows("PRAGMA max_page_count = 100000") }
      // The disk is asked after the caller has been answered; the next one finds it well.
      try await store.write { _ in }
      #expect(store.fault == nil)
      try await expectEqual(
        store.count("SELECT name FROM sqlite_schema WHERE name LIKE 'anju_probe%'"), 0)
    }
  }

  @Test func `a file that is locked refuses a group at once, not each member in turn`() async throws
  {
    var options = SQLiteOptions()
    options.busyMs = 1_000
    let members = 40
    try await withTemporaryFolder { folder in
      let path = folder + "/store.sqlite"
      let store = try SQLiteStore(
        .file(path), options: options, time: FakeTime(), logger: .silent)
      try await Migrator([Migration("1", ReaderTests.schema)]).migrate(
        store, now: Timestamp(milliseconds: 0))
      let other = try SQLiteConnection(.file(path), options, time: FakeTime())
      try other.begin(.writing)
      // The first waits for the lock; the others gather meanwhile.
      let refused = await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<members {
          group.addTask {
            do {
              try await store.write { try $0.execute("DELETE FROM thing") }
              return false
            } catch {
              return (error as? ServiceError)?.reason == "STORE_UNAVAILABLE"
            }
          }
        }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(refused == members)
      // A lost group's members would each have waited for the lock again.
      #expect(store.statistics.groupsLost == 0)
      other.close()
      try await store.write { try $0.execute("INSERT INTO thing (id) VALUES (1)") }
      #expect(store.fault == nil)
      await store.close()
    }
  }
}
