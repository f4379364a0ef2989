import DomainModel
import Storage
import Synchronization
import TestSupport
import Testing

@testable import StorageSQLite

/// A disk that fails in the middle of a group: whoever was told that it is kept finds it again, and
/// of everybody else there is nothing, or all.
@Suite struct FaultyDiskTests {
  private static let members = 6
  /// A member writes two rows, so that a half of it can be told.
  private static let schema = [
    "CREATE TABLE thing (member $INT NOT NULL, part $INT NOT NULL, content $BYTES NOT NULL, "
      + "PRIMARY KEY (member, part)) $TABLE;"
  ]

  /// What one group came to.
  private struct Outcome {
    var acknowledged: Set<Int> = []
    var refused: Set<Int> = []
    var runs: [Int: Int] = [:]
  }

  /// How often each member's closure ran.
  private final class Runs: Sendable {
    let counts = Mutex([Int: Int]())

    func count(_ member: Int) {
      self.counts.withLock { $0[member, default: 0] += 1 }
    }
  }

  private static func migrate(_ store: SQLiteStore) async throws {
    try await Migrator([Migration("1", Self.schema)]).migrate(
      store, now: Timestamp(milliseconds: 0))
  }

  /// Writes all members as one group; `breakDisk` is called once the group has formed.
  private static func group(
    on store: SQLiteStore, breakDisk: @escaping @Sendable () -> Void
  ) async -> Outcome {
    let gate = Gate()
    let runs = Runs()
    var outcome = await withTaskGroup(of: (Int, Bool)?.self) { group in
      group.addTask {
        try? await store.write { _ in gate.pass() }
        return nil
      }
      await gate.waitUntilEntered()
      for member in 0..<Self.members {
        group.addTask {
          do {
            try await store.write { transaction in
              runs.count(member)
              try Self.insert(member, transaction)
            }
            return (member, true)
          } catch {
            #expect((error as? ServiceError)?.reason == "STORE_UNAVAILABLE")
            return (member, false)
          }
        }
        await store.waitUntilWaiting(member + 1)
      }
      breakDisk()
      gate.open()
      var outcome = Outcome()
      for await case .some(let (member, isKept)) in group {
        if isKept { outcome.acknowledged.insert(member) } else { outcome.refused.insert(member) }
      }
      return outcome
    }
    outcome.runs = runs.counts.withLock { $0 }
    return outcome
  }

  private static func insert(_ member: Int, _ transaction: Transaction) throws {
    for part in 0..<2 {
      let content = [UInt8](repeating: UInt8(truncatingIfNeeded: member), count: 1_500)
      try transaction.execute(
        "INSERT INTO thing (member, part, content) VALUES (\(member), \(part), \(content))")
    }
  }

  /// The members that are there whole; records an issue for one that is there in half.
  private static func kept(in store: SQLiteStore) async throws -> Set<Int> {
    let parts = try await store.read { snapshot in
      try snapshot.rows("SELECT member, COUNT(*) AS parts FROM thing GROUP BY member")
        .map { (try $0.int("member"), try $0.int("parts")) }
    }
    for (member, count) in parts { #expect(count == 2, "member \(member) is there in half") }
    return Set(parts.map(\.0))
  }

  @Test func `a failed fsync loses no member, and each succeeds on its second run`() async throws {
    let disk = try FaultyDisk()
    try await withTemporaryFolder { folder in
      let path = folder + "/store.sqlite"
      try await disk.withStore(path) { store in
        try await Self.migrate(store)
        let outcome = await Self.group(on: store) { disk.fail(.sync) }
        #expect(outcome.acknowledged == Set(0..<Self.members))
        #expect(Set(outcome.runs.values) == [2])
        #expect(store.statistics.groupsLost == 1)
        #expect(store.fault == nil)
        try await expectEqual(Self.kept(in: store), outcome.acknowledged)
      }
      try await disk.withStore(path) { store in
        try await expectEqual(Self.kept(in: store), Set(0..<Self.members))
      }
    }
  }

  @Test func `whichever write or fsync of a group fails, nothing acknowledged is lost`()
    async throws
  {
    var call = 0
    var hasReached = true
    while hasReached {
      let disk = try FaultyDisk()
      try await withTemporaryFolder { folder in
        let path = folder + "/store.sqlite"
        var acknowledged: Set<Int> = []
        try await disk.withStore(path) { store in
          try await Self.migrate(store)
          let before = disk.calls(.change)
          let outcome = await Self.group(on: store) { [call] in disk.fail(.change, after: call) }
          hasReached = disk.calls(.change) - before > call
          disk.heal()
          acknowledged = outcome.acknowledged
          #expect(acknowledged == Set(0..<Self.members), "call \(call) failed")
          try await expectEqual(Self.kept(in: store), acknowledged)
        }
        try await disk.withStore(path) { store in
          try await expectEqual(Self.kept(in: store), acknowledged)
        }
      }
      call += 1
    }
    // The group's frames and its fsync at least.
    #expect(call > 10)
  }

  @Test func `wherever the disk becomes full, who is told so can come again`() async throws {
    var isFull = true
    var room = 0
    while isFull {
      let disk = try FaultyDisk()
      try await withTemporaryFolder { folder in
        let path = folder + "/store.sqlite"
        try await disk.withStore(path) { store in
          try await Self.migrate(store)
          let outcome = await Self.group(on: store) { [room] in disk.room(room) }
          isFull = !outcome.refused.isEmpty
          #expect(outcome.acknowledged.union(outcome.refused).count == Self.members)
          // Told, and named, until somebody writes again.
          if let fault = store.fault {
            guard case .full(let text) = fault else {
              Issue.record("\(fault)")
              return
            }
            #expect(text.contains(path) && text.contains("make room"))
          }
          try await expectEqual(Self.kept(in: store), outcome.acknowledged)
          disk.heal()
          for member in outcome.refused { try await store.write { try Self.insert(member, $0) } }
          #expect(store.fault == nil)
        }
        try await disk.withStore(path) { store in
          try await expectEqual(Self.kept(in: store), Set(0..<Self.members))
        }
      }
      room += 3_000
    }
    #expect(room > 9_000)
  }

  @Test func `a disk that stays broken refuses everybody, and serves again once it is mended`()
    async throws
  {
    let disk = try FaultyDisk()
    try await withTemporaryFolder { folder in
      let path = folder + "/store.sqlite"
      try await disk.withStore(path) { store in
        try await Self.migrate(store)
        let outcome = await Self.group(on: store) { disk.fail(.sync, count: .max / 2) }
        #expect(outcome.refused == Set(0..<Self.members))
        guard case .unavailable(let text) = store.fault else {
          Issue.record("\(String(describing: store.fault))")
          return
        }
        #expect(text.contains(path))
        disk.heal()
        try await store.write { try Self.insert(100, $0) }
        #expect(store.fault == nil)
        try await expectEqual(Self.kept(in: store), [100])
      }
    }
  }

  @Test func `a read that the disk fails is refused, and the next one is answered`() async throws {
    let disk = try FaultyDisk()
    try await withTemporaryFolder { folder in
      let path = folder + "/store.sqlite"
      try await disk.withStore(path) { store in
        try await Self.migrate(store)
        for member in 0..<20 { try await store.write { try Self.insert(member, $0) } }
      }
      // Opened anew, so that the pages are not in memory.
      try await disk.withStore(path) { store in
        disk.fail(.read, count: .max / 2)
        let error = await #expect(throws: ServiceError.self) { try await Self.kept(in: store) }
        #expect(error?.reason == "STORE_UNAVAILABLE")
        #expect(store.fault != nil)
        disk.heal()
        try await expectEqual(Self.kept(in: store).count, 20)
        #expect(store.fault == nil)
      }
    }
  }

  @Test func `a log that cannot be copied is told once and keeps what it has`() async throws {
    let disk = try FaultyDisk()
    var options = SQLiteOptions()
    options.checkpointPages = 8
    options.checkpointRestPages = 2
    let logs = CollectedLogs()
    try await withTemporaryFolder { folder in
      let path = folder + "/store.sqlite"
      try await disk.withStore(path, options: options, logger: logs.logger) { store in
        try await Self.migrate(store)
        let failed = "cannot be copied"
        // Commits write to the log alone; what writes to the database copies the log.
        disk.fail(.copy, count: .max / 2)
        var member = 0
        func told() -> [String] { logs.lines.map(\.message).filter { $0.contains(failed) } }
        while told().isEmpty && member < 2_000 {
          try await store.write { [member] in try Self.insert(member, $0) }
          member += 1
        }
        // Every later try fails as well, and is not told.
        let tries = disk.calls(.copy)
        while disk.calls(.copy) < tries + 3 && member < 4_000 {
          try await store.write { [member] in try Self.insert(member, $0) }
          member += 1
        }
        #expect(disk.calls(.copy) >= tries + 3)
        #expect(told().count == 1 && told().allSatisfy { $0.contains(path) })
        disk.heal()
        try await store.write { try Self.insert(5_000, $0) }
        try await expectEqual(Self.kept(in: store), Set(0..<member).union([5_000]))
      }
    }
  }
}
