import Crypto
import DomainModel
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Storage

/// The data keys of a store: that they are the right ones, and that earlier ones can be taken away.
@Suite struct SealsTests {
  static let now = Timestamp(milliseconds: 1_700_000_000_000)
  static let schema =
    PersonDirectory.schema + Inbox.schema + Outbox.schema + History.schema
    + History.standingColumns
  static let tables =
    PersonDirectory.sealed + Inbox.sealed + Outbox.sealed + History.sealed
    + History.sealedStandings

  /// A clock on which waiting takes no time and is counted.
  private final class QuickTime: TimeSource {
    private let slept = Mutex<Int64>(0)

    var sleptMs: Int64 { self.slept.withLock { $0 } }
    func now() -> Timestamp { SealsTests.now.adding(milliseconds: self.sleptMs) }
    func sleep(until deadline: Timestamp) async throws {
      try Task.checkCancellation()
      let rest = max(0, deadline.milliseconds - self.now().milliseconds)
      self.slept.withLock { $0 += rest }
    }
  }

  /// A sealer with the keys of these names, the first one first; a name always has the same key.
  private static func sealer(_ names: String..., variant: UInt8 = 0) throws -> AESGCMSealer {
    let keys = try names.map { name in
      let byte = (name.utf8.reduce(UInt8(0)) { $0 &* 31 &+ $1 }) &+ variant
      return try #require(SecretKey(id: name, bytes: Array(repeating: byte, count: 32)))
    }
    return AESGCMSealer(
      current: keys[0], earlier: Array(keys.dropFirst()), random: SeededRandom(5))
  }

  private static func check(_ store: any Store) -> SealCheck {
    SealCheck(store, Self.tables, keyFile: "keys/intake.data.key")
  }

  private static func keyIDs(in store: any Store) async throws -> [String] {
    try await store.read { snapshot in
      try snapshot.rows("SELECT key_id FROM seal_check ORDER BY key_id").map {
        try $0.text("key_id")
      }
    }
  }

  /// Rows `from ..< to` in every table that has a sealed column.
  private static func fill(
    _ store: any Store, _ range: Range<Int>, by sealer: any Sealer
  ) async throws {
    let (inbox, outbox, history) = (
      Inbox(sealer: sealer), Outbox(sealer: sealer), History(sealer: sealer)
    )
    let persons = PersonDirectory(sealer: sealer, index: FakeBlindIndex())
    for number in range {
      let call = try InboxCall(
        caller: "c", method: "/m", key: "key-of-16-letters-\(number)", fingerprint: [7])
      try await store.write { transaction in
        _ = try persons.findOrCreate(
          transaction, citizenID: "citizen-\(number)", newID: ID("p\(number)"), now: Self.now)
        _ = try inbox.answerOnce(transaction, call, now: Self.now) { Array("re \(number)".utf8) }
        try outbox.enqueue(
          transaction,
          OutboxMessage(
            lane: "lane-\(number)", destination: "d", method: "/m", payload: [UInt8(number % 256)],
            idempotencyKey: call.key), now: Self.now)
        try history.append(
          transaction,
          HistoryEntry(
            entity: "e\(number % 10)", at: Self.now, actor: "a", action: "b",
            detail: "why \(number)"),
          standing: Standing(state: "s", version: 1, record: Array("as \(number)".utf8)))
      }
    }
  }

  /// What all sealed values say.
  private static func opened(
    _ store: any Store, by sealer: any KeyedSealer
  ) async throws -> [String: [String: [UInt8]]] {
    try await store.read { snapshot in
      var all: [String: [String: [UInt8]]] = [:]
      for table in Self.tables {
        let column = SealedColumn(sealer, table: table.table, column: table.column)
        for entry in try table.page(snapshot, after: nil, limit: 5_000, headBytes: 34).entries {
          let value = try #require(try table.value(snapshot, at: entry.key))
          all["\(table.table).\(table.column)", default: [:]][entry.name] =
            try column.open(value, row: entry.name)
        }
      }
      return all
    }
  }

  /// How many values each key has sealed.
  private static func counts(
    _ store: any Store, by sealer: any KeyedSealer
  ) async throws -> [String: Int] {
    try await store.read { snapshot in
      try Self.tables.reduce(into: [:]) { counts, table in
        for entry in try table.page(snapshot, after: nil, limit: 5_000, headBytes: 34).entries {
          counts[sealer.keyID(of: entry.head) ?? "none", default: 0] += 1
        }
      }
    }
  }

  private static func refusal(
    _ store: any Store, _ sealer: AESGCMSealer
  ) async throws -> String {
    let error = await #expect(throws: StorageError.self) { try await Self.check(store).run(sealer) }
    guard case .keysRefused(let text) = error else {
      Issue.record("\(String(describing: error))")
      return ""
    }
    return text
  }

  // MARK: The check

  @Test(arguments: Backend.all)
  func `a new store notes the key, and only that key opens it from then on`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(Self.schema) { store in
      try await Self.check(store).run(Self.sealer("one"))
      try await Self.check(store).run(Self.sealer("one"))
      try await expectEqual(Self.keyIDs(in: store), ["one"])
      let missing = try await Self.refusal(store, Self.sealer("two"))
      #expect(missing.contains(store.name))
      #expect(missing.contains("keys/intake.data.key does not have the data key one"))
      #expect(missing.contains("Put that key's line back"))
      let other = try await Self.refusal(store, Self.sealer("one", variant: 1))
      #expect(other.contains("has another key under the name of the data key one"))
      try await expectEqual(Self.keyIDs(in: store), ["one"])
    }
  }

  @Test(arguments: Backend.all)
  func `a store of a release before the check is asked for what it has`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(Self.schema) { store in
      try await Self.fill(store, 0..<3, by: Self.sealer("one"))
      let text = try await Self.refusal(store, Self.sealer("two"))
      #expect(text.contains("does not have the data key one"))
      let other = try await Self.refusal(store, Self.sealer("one", variant: 1))
      #expect(other.contains("another key under the name"))
      try await expectEqual(Self.keyIDs(in: store), [])
      try await Self.check(store).run(Self.sealer("two", "one"))
      try await expectEqual(Self.keyIDs(in: store), ["two"])
    }
  }

  @Test(arguments: Backend.all)
  func `of two with different keys that come to a new store at once, one is refused`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(Self.schema) { store in
      let sealers = [try Self.sealer("one"), try Self.sealer("two")]
      let accepted = await withTaskGroup(of: Bool.self) { group in
        for sealer in sealers {
          group.addTask { (try? await Self.check(store).run(sealer)) != nil }
        }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(accepted == 1)
      try await expectEqual(Self.keyIDs(in: store).count, 1)
    }
  }

  // MARK: Sealing again

  @Test(arguments: Backend.all)
  func `after a rotation all is sealed again and the old key may go`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(Self.schema) { store in
      let (old, both, new) = (
        try Self.sealer("old"), try Self.sealer("new", "old"), try Self.sealer("new")
      )
      let rows = 60
      try await Self.check(store).run(old)
      try await Self.fill(store, 0..<rows, by: old)
      let before = try await Self.opened(store, by: old)
      #expect(before.count == Self.tables.count)
      try await Self.check(store).run(both)
      let time = QuickTime()
      let job = Resealing(store, Self.tables, sealer: both, time: time, logger: .silent)
      let left = Mutex<[Int]>([])
      let round = try await job.runOnce { count in left.withLock { $0.append(count) } }
      let total = rows * Self.tables.count
      #expect(round == Resealing.Round(found: total, sealed: total, spent: []))
      let told = left.withLock { $0 }
      #expect(told.first == total && told.last == 0)
      #expect(told == told.sorted(by: >))
      // It rests after each page and each step: calls come between.
      #expect(time.sleptMs >= Resealing.restMs.lowerBound * Int64(total / Resealing.stepMax))
      try await expectEqual(Self.counts(store, by: both), ["new": total])
      // Not before a round has found nothing.
      try await expectEqual(Self.keyIDs(in: store), ["new", "old"])
      #expect(try await job.runOnce().spent == ["old"])
      try await expectEqual(Self.keyIDs(in: store), ["new"])
      #expect(try await job.runOnce() == Resealing.Round())
      try await Self.check(store).run(new)
      try await expectEqual(Self.opened(store, by: new), before)
    }
  }

  @Test(arguments: Backend.all)
  func `the old key may not go before`(_ backend: Backend) async throws {
    try await backend.withStore(Self.schema) { store in
      try await Self.check(store).run(Self.sealer("old"))
      try await Self.fill(store, 0..<2, by: Self.sealer("old"))
      try await Self.check(store).run(Self.sealer("new", "old"))
      let text = try await Self.refusal(store, Self.sealer("new"))
      #expect(text.contains("does not have the data key old"))
    }
  }

  @Test(arguments: Backend.all)
  func `what is cut short goes on where it was, while calls write`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(Self.schema) { store in
      let (old, both) = (try Self.sealer("old"), try Self.sealer("new", "old"))
      try await Self.check(store).run(old)
      try await Self.fill(store, 0..<40, by: old)
      try await Self.check(store).run(both)
      let job = Resealing(store, Self.tables, sealer: both, time: QuickTime(), logger: .silent)
      // Cancelled from within, after a few steps.
      let steps = Atomic(0)
      let cut = Task {
        try await job.runOnce { _ in
          if steps.add(1, ordering: .relaxed).newValue == 4 {
            withUnsafeCurrentTask { $0?.cancel() }
          }
        }
      }
      await #expect(throws: CancellationError.self) { try await cut.value }
      let partly = try await Self.counts(store, by: both)
      #expect((partly["new"] ?? 0) > 0 && (partly["old"] ?? 0) > 0)
      async let filled: Void = Self.fill(store, 40..<80, by: both)
      _ = try await job.runOnce()
      try await filled
      _ = try await job.runOnce()
      try await expectEqual(Self.counts(store, by: both), ["new": 80 * Self.tables.count])
      let values = try await Self.opened(store, by: both)
      #expect(values["person.citizen_id"]?.count == 80)
    }
  }

  @Test(arguments: Backend.all)
  func `a value that does not open is told, left alone and counted`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(Self.schema) { store in
      let (old, both) = (try Self.sealer("old"), try Self.sealer("new", "old"))
      try await Self.check(store).run(old)
      try await Self.fill(store, 0..<3, by: old)
      try await store.write {
        try $0.execute(
          """
          UPDATE person SET citizen_id = (SELECT citizen_id FROM person WHERE person_id = 'p1')
          WHERE person_id = 'p2'
          """)
      }
      try await Self.check(store).run(both)
      let logs = CollectedLogs()
      let job = Resealing(store, Self.tables, sealer: both, time: QuickTime(), logger: logs.logger)
      let first = try await job.runOnce()
      #expect(first.found - first.sealed == 1)
      #expect(logs.lines.map { $0.metadata["row"] } == ["p2"])
      let second = try await job.runOnce()
      #expect(second == Resealing.Round(found: 1, sealed: 0, spent: []))
      try await expectEqual(Self.keyIDs(in: store), ["new", "old"])
    }
  }
}
