import Dispatch
import DomainModel
import ServiceCore
import Storage
import Synchronization
import TestSupport
import Testing

@testable import IntakeCore

/// The feed's order against the order of commits, on both engines.
struct FeedTests {
  static let owner = "integrator:zhelibanapp"

  /// Whoever reads while changes are written, sequenced by several at once and read page by page
  /// misses none and meets none twice.
  @Test(arguments: TestEngine.all)
  func `a reader who follows sees every change once`(_ engine: TestEngine) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let feed = try await Self.feed(over: store, clock)
      let (writers, each) = (8, 12)
      let seen = try await withThrowingTaskGroup(of: [FeedPlace<Application>].self) { group in
        for writer in 0..<writers {
          group.addTask {
            for number in 0..<each {
              try await store.write { try Self.change($0, "A\(writer)X\(number % 3)", number + 1) }
              try await feed.sequenceChanges(limit: 5)
            }
            return []
          }
        }
        group.addTask {
          var (places, position) = ([FeedPlace<Application>](), Int64(0))
          while places.count < writers * each {
            try await feed.sequenceChanges(limit: 7)
            let page = try await feed.changes(of: Self.owner, after: position, limit: 10)
            places += page.map(\.place)
            position = page.last?.place.position ?? position
          }
          return places
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(seen.count == writers * each)
      #expect(Set(seen.map { "\($0.entity.text)/\($0.version)" }).count == writers * each)
      #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.position < $1.position })
      for (_, changes) in Dictionary(grouping: seen, by: \.entity) {
        #expect(changes.map(\.version) == changes.map(\.version).sorted())
      }
    }
  }

  /// Two transactions that overlap only PostgreSQL has: SQLite has one writer.
  @Test(arguments: TestEngine.all.filter { $0 == .postgres })
  func `a change that began first and commits last is not missed`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let feed = try await Self.feed(over: store, clock)
      let gate = Gate()
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          try await store.write { transaction in
            try Self.change(transaction, "EARLY", 1)
            // What was put off is sent with this one.
            _ = try transaction.rows("SELECT 1 AS one")
            gate.holdOnce()
          }
        }
        await gate.held()
        try await store.write { try Self.change($0, "LATE", 1) }
        try await feed.sequenceChanges(limit: 10)
        let before = try await feed.changes(of: Self.owner, after: 0, limit: 10)
        #expect(before.map(\.place.entity.text) == ["LATE"])
        gate.open()
        try await group.waitForAll()
        try await feed.sequenceChanges(limit: 10)
        let position = try #require(before.last?.place.position)
        let after = try await feed.changes(of: Self.owner, after: position, limit: 10)
        #expect(after.map(\.place.entity.text) == ["EARLY"])
      }
    }
  }

  private static func feed(
    over store: any Store, _ clock: FakeClock
  ) async throws -> IntakeStore {
    try await Migrator(IntakeMigrations.all).migrate(store, now: clock.now())
    let seals = TestSeals(random: SeededRandom(seed: 3))
    return IntakeStore(
      store, sealer: seals.sealer, index: seals.blindIndex,
      formats: IntakeStore.Formats(readForm: { _ in FormInput() }, record: { _ in [] }),
      officesBelow: { [$0] })
  }

  /// A change as `IntakeStore.note` writes it, of an application that is there by it.
  private static func change(
    _ transaction: Transaction, _ id: String, _ version: Int
  ) throws {
    try transaction.execute(
      """
      INSERT INTO application (application_id, owner, kind, channel, policy_version, created_at,
        version, state, changed_at, progress_sequence)
      VALUES (\(id), \(Self.owner), 'first_permit', 1, 'zhejiang-1', 5, 1, 'submitted', 7, 0)
      ON CONFLICT DO NOTHING
      """)
    try transaction.execute(
      """
      INSERT INTO application_change (application_id, version, owner, state, at)
      VALUES (\(id), \(version), \(Self.owner), 'submitted', 7)
      """)
  }
}

/// Holds one transaction where it is until it is let go.
private final class Gate: Sendable {
  private let isHeld = Mutex(false)
  private let semaphore = DispatchSemaphore(value: 0)

  /// Stops the thread at its first call; a closure that runs again goes through.
  func holdOnce() {
    let isFirst = self.isHeld.withLock { isHeld in
      defer { isHeld = true }
      return !isHeld
    }
    if isFirst { self.semaphore.wait() }
  }

  /// Returns once somebody is held.
  func held() async {
    while self.isHeld.withLock({ !$0 }) { await Task.yield() }
  }

  /// Lets go.
  func open() { self.semaphore.signal() }
}
