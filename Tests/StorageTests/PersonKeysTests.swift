import DomainModel
import Storage
import StorageSQLite
import Synchronization
import Testing

/// The blind index's key is rotated while persons are looked for, made and given permits.
@Suite struct PersonKeysTests {
  static let now = Timestamp(milliseconds: 1_700_000_000_000)
  static let schema =
    PersonDirectory.schema + [
      """
      CREATE TABLE permit (permit_id $TEXT PRIMARY KEY, person_id $TEXT NOT NULL) $TABLE;
      CREATE UNIQUE INDEX permit_live ON permit (person_id);
      """
    ]

  /// A directory whose ring has these keys, the first one first.
  private static func directory(_ keys: String...) -> PersonDirectory {
    var index = FakeBlindIndex(keyID: keys[0])
    index.others = keys.dropFirst().map { FakeBlindIndex(keyID: $0) }
    return PersonDirectory(sealer: FakeSealer(), index: index)
  }

  private static func keys(
    _ persons: PersonDirectory, _ store: any Store, _ time: FakeTime = FakeTime()
  ) -> PersonKeys {
    PersonKeys(store: store, persons: persons, time: time, logger: .silent)
  }

  /// Two rounds, so far apart that a key which is nobody's any more counts as gone.
  private static func bringUpToDate(
    _ persons: PersonDirectory, _ store: any Store
  ) async throws -> Int {
    let time = FakeTime()
    let keys = Self.keys(persons, store, time)
    let first = try await keys.runOnce()
    time.advance(PersonKeys.foreignMs)
    return try await first + keys.runOnce()
  }

  private static func citizen(_ number: Int) -> String { "citizen-\(number)" }

  private static func add(
    _ count: Int, _ persons: PersonDirectory, to store: any Store
  ) async throws {
    for number in 0..<count {
      try await store.write {
        _ = try persons.findOrCreate(
          $0, citizenID: Self.citizen(number), newID: ID("p\(number)"), now: Self.now)
      }
    }
  }

  private static func keyIDs(in store: any Store) async throws -> [String: Int] {
    try await store.read { snapshot in
      let rows = try snapshot.rows(
        "SELECT key_id, COUNT(*) AS n FROM person_key GROUP BY key_id")
      return Dictionary(
        uniqueKeysWithValues: try rows.map { (try $0.text("key_id"), try $0.int("n")) })
    }
  }

  @Test(arguments: Backend.all)
  func `a new key gets the rows of all, and the old one's go with it`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(Self.schema) { store in
      let count = 25
      try await Self.add(count, Self.directory("old"), to: store)
      let both = Self.directory("new", "old")
      try await Self.keys(both, store).check()
      try await expectEqual(Self.keys(both, store).runOnce(), count)
      try await expectEqual(Self.keyIDs(in: store), ["old": count, "new": count])
      try await expectEqual(Self.keys(both, store).runOnce(), 0)
      let new = Self.directory("new")
      try await Self.keys(new, store).check()
      try await expectEqual(Self.bringUpToDate(new, store), count)
      try await expectEqual(Self.keyIDs(in: store), ["new": count])
      let found = try await store.read { snapshot in
        try (0..<count).map { try new.find(snapshot, citizenID: Self.citizen($0)) }
      }
      #expect(found == (0..<count).map { ID("p\($0)") })
    }
  }

  @Test(arguments: Backend.all)
  func `a replica that has not read its file again yet leaves the new key's rows alone`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(Self.schema) { store in
      let both = Self.directory("new", "old")
      try await Self.add(3, both, to: store)
      let time = FakeTime()
      let late = Self.keys(Self.directory("old"), store, time)
      try await expectEqual(late.runOnce(), 0)
      time.advance(PersonKeys.foreignMs - 1)
      try await expectEqual(late.runOnce(), 0)
      try await expectEqual(Self.keyIDs(in: store), ["old": 3, "new": 3])
    }
  }

  @Test(arguments: Backend.all)
  func `an old key that goes too early is refused, with what to do`(
    _ backend: Backend
  ) async throws {
    try await backend.withStore(Self.schema) { store in
      try await Self.add(3, Self.directory("old"), to: store)
      let early = Self.keys(Self.directory("new"), store)
      let error = await #expect(throws: StorageError.self) { try await early.check() }
      guard case .keysRefused(let text) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(text.contains("3 persons") && text.contains("put the key that is missing back"))
      try await expectEqual(Self.keyIDs(in: store), ["old": 3])
    }
  }

  /// Which directory a caller has: replicas are restarted one after the other, and one that stops
  /// ends its calls first.
  private final class Replicas: Sendable {
    private struct State {
      var rings: [PersonDirectory]
      var generation = 0
      /// How many calls are under way, by the generation in which they began.
      var calls: [Int: Int] = [:]
    }

    private let state = Mutex(State(rings: [PersonKeysTests.directory("old")]))
    /// How many permits were issued.
    let issued = Atomic(0)

    func call<Value: Sendable>(
      _ caller: Int, _ body: (PersonDirectory) async throws -> Value
    ) async rethrows -> Value {
      let (persons, generation) = self.state.withLock { state in
        state.calls[state.generation, default: 0] += 1
        return (state.rings[caller % state.rings.count], state.generation)
      }
      defer { self.state.withLock { $0.calls[generation, default: 0] -= 1 } }
      return try await body(persons)
    }

    /// Returns once no call is under way that began before.
    func become(_ rings: [PersonDirectory]) async {
      let before = self.state.withLock { state in
        state.rings = rings
        state.generation += 1
        return state.generation
      }
      while self.state.withLock({ $0.calls.contains { $0.key < before && $0.value > 0 } }) {
        await Task.yield()
      }
    }
  }

  @Test(arguments: Backend.all)
  func `while 64 callers ask for a second permit and keys are rotated, none gets one`(
    _ backend: Backend
  ) async throws {
    let (callers, rounds, citizens) = (64, 24, 40)
    try await backend.withStore(Self.schema) { store in
      let replicas = Replicas()
      try await withThrowingTaskGroup { group in
        for caller in 0..<callers {
          group.addTask {
            for round in 0..<rounds {
              let citizen = Self.citizen((caller * 7 + round) % citizens)
              let unique = "\(caller)-\(round)"
              let isIssued = try await replicas.call(caller) { persons in
                try await Self.issue(unique, to: citizen, persons, store)
              }
              if isIssued { replicas.issued.add(1, ordering: .relaxed) }
            }
          }
        }
        group.addTask {
          let (old, both, new) = (
            Self.directory("old"), Self.directory("new", "old"), Self.directory("new")
          )
          await replicas.become([old, both])
          _ = try await Self.keys(both, store).runOnce()
          await replicas.become([both])
          _ = try await Self.keys(both, store).runOnce()
          await replicas.become([both, new])
          await replicas.become([new])
          _ = try await Self.bringUpToDate(new, store)
        }
        try await group.waitForAll()
      }
      try await Self.keys(Self.directory("new"), store).check()
      try await expectEqual(store.count("SELECT person_id FROM person"), citizens)
      try await expectEqual(store.count("SELECT permit_id FROM permit"), citizens)
      #expect(replicas.issued.load(ordering: .relaxed) == citizens)
      try await expectEqual(Self.keyIDs(in: store), ["new": citizens])
    }
  }

  /// Issues a permit unless the citizen has one; comes again where the store says so.
  private static func issue(
    _ permit: String, to citizen: String, _ persons: PersonDirectory, _ store: any Store
  ) async throws -> Bool {
    for _ in 0..<100 {
      do {
        return try await store.write { transaction in
          let person = try persons.findOrCreate(
            transaction, citizenID: citizen, newID: ID("p\(permit)"), now: Self.now)
          return try transaction.changedRows(
            """
            INSERT INTO permit (permit_id, person_id) VALUES (\(permit), \(person))
            ON CONFLICT DO NOTHING
            """) > 0
        }
      } catch let error as ServiceError where error.retry == .soon {
        await Task.yield()
      }
    }
    throw ServiceError(.storeUnavailable)
  }
}
