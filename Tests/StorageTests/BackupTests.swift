import DomainModel
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

@testable import StorageSQLite

/// Copies of a store that is in use, and what comes of them.
@Suite struct BackupTests {
  private static let schema = ["CREATE TABLE thing (id $INT PRIMARY KEY, content $BYTES) $TABLE;"]
  private static let content = [UInt8](repeating: 9, count: 1_000)
  private static let madeAt = Timestamp(milliseconds: 1_700_000_000_000)

  private static func open(_ path: String, _ options: SQLiteOptions = .init()) throws -> SQLiteStore
  {
    var options = options
    options.busyMs = 40
    return try SQLiteStore(.file(path), options: options, time: FakeTime(), logger: .silent)
  }

  private static func migrate(_ store: SQLiteStore) async throws {
    try await Migrator([Migration("1", Self.schema)]).migrate(store, now: Self.madeAt)
  }

  private static func insert(_ ids: Range<Int>, into store: SQLiteStore) async throws {
    for id in ids {
      try await store.write {
        try $0.execute("INSERT INTO thing (id, content) VALUES (\(id), \(Self.content))")
      }
    }
  }

  private static func ids(in store: SQLiteStore) async throws -> [Int] {
    try await store.read { snapshot in
      try snapshot.rows("SELECT id FROM thing ORDER BY id").map { try $0.int("id") }
    }
  }

  /// How far a writer is that goes on until it is told to stop.
  private final class Load: Sendable {
    let acknowledged = Atomic(400)
    let isDone = Atomic(false)

    var now: Int { self.acknowledged.load(ordering: .acquiring) }

    /// Writes two rows that are there together or not at all, one far behind the other, and changes
    /// a third.
    func run(on store: SQLiteStore) async throws {
      while !self.isDone.load(ordering: .relaxed) {
        let next = self.now
        try await store.write { transaction in
          for id in [next, next + 1_000_000] {
            try transaction.execute(
              "INSERT INTO thing (id, content) VALUES (\(id), \(BackupTests.content))")
          }
          try transaction.execute(
            "UPDATE thing SET content = \(BackupTests.content) WHERE id = \(next % 400)")
        }
        self.acknowledged.add(1, ordering: .releasing)
      }
    }
  }

  /// A store with forty rows, and its backup.
  private static func withBackup(
    _ body: (_ folder: String, _ store: String, _ manifest: String) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      let path = folder + "/intake.db"
      let store = try Self.open(path)
      try await Self.migrate(store)
      try await Self.insert(0..<40, into: store)
      let (_, manifest) = try await Backup.make(
        of: store, service: "intake", in: folder + "/backups", now: Self.madeAt)
      try await Self.insert(40..<60, into: store)
      await store.close()
      try await body(folder, path, manifest)
    }
  }

  @Test func `a backup under load has all that was acknowledged before, and nothing in half`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let path = folder + "/intake.db"
      var options = SQLiteOptions()
      // Many small steps, with writes to pages on both sides of where the copy stands.
      options.backupPages = 4
      let store = try Self.open(path, options)
      try await Self.migrate(store)
      try await Self.insert(0..<400, into: store)
      let load = Load()
      let (before, manifest) = try await withThrowingTaskGroup { group in
        group.addTask { try await load.run(on: store) }
        // The writer has begun.
        while load.now < 420 { await Task.yield() }
        let before = load.now
        let made = try await Backup.make(
          of: store, service: "intake", in: folder + "/backups", now: Self.madeAt)
        load.isDone.store(true, ordering: .relaxed)
        try await group.waitForAll()
        return (before, made.path)
      }
      #expect(store.fault == nil)
      await store.close()

      try Restore.run(manifest: manifest, service: "intake", target: folder + "/new.db")
      let restored = try Self.open(folder + "/new.db")
      let ids = Set(try await Self.ids(in: restored))
      #expect(Set(0..<before).isSubset(of: ids))
      for id in ids where (400..<1_000_000).contains(id) { #expect(ids.contains(id + 1_000_000)) }
      for id in ids where id >= 1_000_000 { #expect(ids.contains(id - 1_000_000)) }
      await restored.close()
    }
  }

  @Test func `a restored store is as it was at its backup, and the old one stays beside it`()
    async throws
  {
    try await Self.withBackup { folder, path, manifest in
      let found = try Restore.run(manifest: manifest, service: "intake", target: path)
      #expect(found.schemaVersion == 1 && found.madeAt == Self.madeAt)
      let restored = try Self.open(path)
      try await expectEqual(Self.ids(in: restored), Array(0..<40))
      // It is a store like any other.
      try await Self.insert(40..<41, into: restored)
      await restored.close()
      let old = try Self.open(path + ".replaced")
      try await expectEqual(Self.ids(in: old).count, 60)
      await old.close()
    }
  }

  @Test func `a store that a process has open is not replaced`() async throws {
    try await Self.withBackup { folder, path, manifest in
      let store = try Self.open(path)
      let error = #expect(throws: StorageError.self) {
        try Restore.run(manifest: manifest, service: "intake", target: path)
      }
      guard case .busy(let text) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(text.contains(path) && text.contains("stop it"))
      try await expectEqual(Self.ids(in: store).count, 60)
      await store.close()
    }
  }

  /// What makes a backup unusable, and what the refusal says.
  struct Spoiling: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let says: String
    let spoil: @Sendable (_ backup: String, _ manifest: String) throws -> Void
  }

  static let spoilings = [
    Spoiling(testDescription: "a byte changed", says: "not what its manifest says") { path, _ in
      let file = try #require(FileHandle(forUpdatingAtPath: path))
      try file.seek(toOffset: 5_000)
      try file.write(contentsOf: Data([0x99, 0x98]))
      try file.close()
    },
    Spoiling(testDescription: "cut short", says: "not what its manifest says") { path, _ in
      let file = try #require(FileHandle(forUpdatingAtPath: path))
      try file.truncate(atOffset: 8_192)
      try file.close()
    },
    Spoiling(testDescription: "gone", says: "look at the path") { path, _ in
      try FileManager.default.removeItem(atPath: path)
    },
    Spoiling(testDescription: "no manifest", says: "no manifest of a backup") { _, manifest in
      try Data("hello = there\n".utf8).write(to: URL(fileURLWithPath: manifest))
    },
    Spoiling(testDescription: "another service's", says: "not of intake") { _, manifest in
      let text = try String(contentsOfFile: manifest, encoding: .utf8)
      try Data(text.replacing("service = intake", with: "service = approval").utf8)
        .write(to: URL(fileURLWithPath: manifest))
    },
    Spoiling(testDescription: "another schema", says: "version 1 of the schema") { _, manifest in
      let text = try String(contentsOfFile: manifest, encoding: .utf8)
      try Data(text.replacing("schema_version = 1", with: "schema_version = 2").utf8)
        .write(to: URL(fileURLWithPath: manifest))
    },
    Spoiling(testDescription: "damaged before it was copied", says: "is damaged") {
      path, manifest in
      let file = try #require(FileHandle(forUpdatingAtPath: path))
      try file.seek(toOffset: 4_096 * 4)
      try file.write(contentsOf: Data(repeating: 0xFF, count: 4_096 * 3))
      try file.close()
      let lines = try String(contentsOfFile: manifest, encoding: .utf8).split(separator: "\n")
      let sha256 = try DurableFile.contents(of: path).sha256
      let text = lines.map { $0.hasPrefix("sha256") ? "sha256 = \(sha256)" : String($0) }
      try Data(text.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: manifest))
    },
  ]

  @Test(arguments: spoilings)
  func `a backup that is not whole replaces nothing`(_ spoiling: Spoiling) async throws {
    try await Self.withBackup { folder, path, manifest in
      try spoiling.spoil(String(manifest.dropLast(".manifest".count)), manifest)
      let error = #expect(throws: StorageError.self) {
        try Restore.run(manifest: manifest, service: "intake", target: path)
      }
      #expect("\(error.map { "\($0)" } ?? "")".contains(spoiling.says))
      #expect("\(error.map { "\($0)" } ?? "")".contains(folder))
      let store = try Self.open(path)
      try await expectEqual(Self.ids(in: store).count, 60)
      await store.close()
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(!left.contains { $0.hasSuffix(".restore") || $0.hasSuffix(".restoring") })
    }
  }

  @Test func `a restore that was cut short keeps the service away until it is run again`()
    async throws
  {
    try await Self.withBackup { folder, path, manifest in
      // Killed after the old store went aside and before the new one was in its place.
      try Data().write(to: URL(fileURLWithPath: path + ".restoring"))
      try FileManager.default.moveItem(atPath: path, toPath: path + ".replaced")
      let error = #expect(throws: StorageError.self) { _ = try Self.open(path) }
      #expect("\(error.map { "\($0)" } ?? "")".contains("run it again"))
      try Restore.run(manifest: manifest, service: "intake", target: path)
      let restored = try Self.open(path)
      try await expectEqual(Self.ids(in: restored), Array(0..<40))
      await restored.close()
      let old = try Self.open(path + ".replaced")
      try await expectEqual(Self.ids(in: old).count, 60)
      await old.close()
    }
  }

  @Test func `a copy that cannot be written leaves nothing and harms nobody`() async throws {
    try await withTemporaryFolder { folder in
      let store = try Self.open(folder + "/intake.db")
      try await Self.migrate(store)
      try await Self.insert(0..<40, into: store)
      let error = await #expect(throws: StorageError.self) {
        try await store.backUp(to: folder + "/nowhere/copy.db")
      }
      #expect("\(error.map { "\($0)" } ?? "")".contains("/nowhere/copy.db"))
      #expect(store.fault == nil)
      try await Self.insert(40..<41, into: store)
      try await store.backUp(to: folder + "/copy.db")
      await #expect(throws: StorageError.self) { try await store.backUp(to: folder + "/copy.db") }
      await store.close()
    }
  }

  @Test func `a backup that is cancelled leaves no file, and another may begin`() async throws {
    try await withTemporaryFolder { folder in
      let store = try Self.open(folder + "/intake.db")
      try await Self.migrate(store)
      let gate = Gate()
      let holding = Task { try await store.write { _ in gate.pass() } }
      await gate.waitUntilEntered()
      let backup = Task { try await store.backUp(to: folder + "/copy.db") }
      await store.waitUntilWaiting(1)
      let second = await #expect(throws: ServiceError.self) {
        try await store.backUp(to: folder + "/other.db")
      }
      #expect(second?.reason == "OVERLOADED")
      backup.cancel()
      gate.open()
      _ = try await holding.value
      await #expect(throws: CancellationError.self) { try await backup.value }
      #expect(!FileManager.default.fileExists(atPath: folder + "/copy.db"))
      try await store.backUp(to: folder + "/copy.db")
      await store.close()
    }
  }
}
