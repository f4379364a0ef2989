import Crypto
import DomainModel
import Foundation
import Logging
import Storage
import Synchronization
import TestSupport
import Testing

@testable import ServiceKit

/// Keys that are rotated by writing their files, while everybody goes on.
@Suite struct ServiceKeysTests {
  static let schema =
    PersonDirectory.schema + [
      """
      CREATE TABLE permit (permit_id $TEXT PRIMARY KEY, person_id $TEXT NOT NULL) $TABLE;
      CREATE UNIQUE INDEX permit_live ON permit (person_id);
      """
    ]

  /// A key's line; a name always has the same key.
  private static func line(_ name: String) -> String {
    let byte = String(format: "%02x", name.utf8.reduce(UInt8(3)) { $0 &* 31 &+ $1 })
    return "\(name) \(String(repeating: byte, count: SecretKey.byteCount))\n"
  }

  /// A clock that whoever sleeps on it moves himself.
  private struct HastyTime: TimeSource {
    let clock: FakeClock

    func now() -> Timestamp { self.clock.now() }
    func sleep(until deadline: Timestamp) async throws {
      try Task.checkCancellation()
      self.clock.set(max(self.clock.now(), deadline))
    }
  }

  /// A replica with key files of its own.
  private final class Replica: Sendable {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "service-keys-\(UInt64.random(in: 0 ... .max))")
    let keys: ServiceKeys
    let persons: PersonDirectory
    let watch: FileWatch
    let logs = RecordedLogs()

    init(_ store: any Store, data: [String], blind: [String], _ clock: FakeClock) async throws {
      try Self.write(data, "intake.data.key", in: self.folder)
      try Self.write(blind, "intake.blind.key", in: self.folder)
      self.keys = try ServiceKeys(
        KeyRing.Place(directory: self.folder.path, service: "intake"), storeHasData: true,
        random: SecureRandom())
      self.persons = PersonDirectory(
        sealer: self.keys.live.sealer, index: self.keys.live.blindIndex)
      self.watch = self.keys.watch(logger: self.logs.logger(), time: clock)
      try await self.keys.check(store, PersonDirectory.sealed)
      let job = self.personKeys(store, clock)
      try await self.keys.checkPersons { try await job.check($0) }
    }

    deinit { try? FileManager.default.removeItem(at: self.folder) }

    func personKeys(_ store: any Store, _ clock: FakeClock) -> PersonKeys {
      PersonKeys(
        store: store, persons: self.persons, time: HastyTime(clock: clock),
        logger: self.logs.logger())
    }

    private static func write(_ names: [String], _ file: String, in folder: URL) throws {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      let draft = folder.appending(path: "draft")
      try Data(names.map(ServiceKeysTests.line).joined().utf8).write(to: draft)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: draft.path)
      let path = folder.appending(path: file)
      #expect(rename(draft.path, path.path) == 0)
    }

    func write(data: [String]? = nil, blind: [String]? = nil) throws {
      if let data { try Self.write(data, "intake.data.key", in: self.folder) }
      if let blind { try Self.write(blind, "intake.blind.key", in: self.folder) }
    }

    /// The names of the keys that count now.
    var names: [[String]] {
      let index = self.keys.live.blindIndex.now
      return [self.keys.live.sealer.keyIDs, ([index] + index.others).map(\.keyID)]
    }

    var errors: [RecordedLogs.Line] { self.logs.lines.filter { $0.level == .error } }
  }

  /// What the callers share.
  private final class Tally: Sendable {
    let issued = Atomic(0)
  }

  /// Waits until it holds; what makes it hold runs on threads that no clock knows.
  private static func eventually(
    _ clock: FakeClock, _ holds: () -> Bool, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    for _ in 0..<6_000 {
      if holds() { return }
      clock.advance(milliseconds: FileWatch.intervalMs)
      try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("it never came to be", sourceLocation: sourceLocation)
  }

  /// Runs the body while the replicas' files are watched.
  private static func watching(
    _ replicas: [Replica], _ body: @escaping @Sendable () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for replica in replicas { group.addTask { try await replica.watch.run() } }
      defer { group.cancelAll() }
      try await body()
    }
  }

  @Test(arguments: TestEngine.all)
  func `while 64 callers ask for a second permit and key files are written, none gets one`(
    _ engine: TestEngine
  ) async throws {
    // Each step has citizens of its own and half of those of the step before.
    let (asked, new) = (40, 20)
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      try await Migrator([Migration("test", Self.schema)]).migrate(store, now: clock.now())
      var replicas: [Replica] = []
      for _ in 0..<3 {
        replicas.append(try await Replica(store, data: ["d1"], blind: ["b1"], clock))
      }
      let (all, tally) = (replicas, Tally())
      let steps = Self.rotation(of: all, store, clock)
      let citizens = steps.count * new + asked - new
      try await Self.watching(all) {
        for (number, step) in steps.enumerated() {
          try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await step() }
            for caller in 0..<64 {
              group.addTask {
                let turn = caller + 64 * number
                let persons = all[turn % all.count].persons
                let isIssued = try await Self.issue(
                  "\(turn)", to: "citizen-\(number * new + caller * 7 % asked)", persons, store,
                  now: clock.now())
                if isIssued { tally.issued.add(1, ordering: .relaxed) }
              }
            }
            try await group.waitForAll()
          }
        }
      }
      #expect(tally.issued.load(ordering: .relaxed) == citizens)
      let (persons, keyIDs, sealed) = try await store.read { snapshot in
        (
          try snapshot.rows("SELECT person_id FROM person").count,
          try snapshot.rows("SELECT DISTINCT key_id FROM person_key").map { try $0.text("key_id") },
          try snapshot.rows("SELECT citizen_id FROM person").map { try $0.bytes("citizen_id") }
        )
      }
      #expect(persons == citizens)
      #expect(keyIDs == ["b2"])
      let sealer = all[0].keys.live.sealer
      #expect(Set(sealed.map { sealer.keyID(of: $0) ?? "none" }) == ["d2"])
      #expect(all.flatMap(\.errors).isEmpty)
    }
  }

  /// Both keys, step by step as `deploy/README.md` says; callers go on beside each step.
  private static func rotation(
    of replicas: [Replica], _ store: any Store, _ clock: FakeClock
  ) -> [@Sendable () async throws -> Void] {
    func write(_ data: [String], _ blind: [String]) -> [@Sendable () async throws -> Void] {
      replicas.map { replica in
        {
          try replica.write(data: data, blind: blind)
          try await Self.eventually(clock) { replica.names == [data, blind] }
        }
      }
    }
    let persons: @Sendable () async throws -> Void = {
      for replica in replicas { _ = try await replica.personKeys(store, clock).runOnce() }
    }
    let seals: @Sendable () async throws -> Void = {
      let job = Resealing(
        store, PersonDirectory.sealed, sealer: replicas[0].keys.live.sealer, time: WallClock(),
        logger: replicas[0].logs.logger())
      var spent: [String] = []
      for _ in 0..<100 where spent.isEmpty { spent = try await job.runOnce().spent }
      #expect(spent == ["d1"])
    }
    let leftOver: @Sendable () async throws -> Void = {
      let job = replicas[0].personKeys(store, clock)
      _ = try await job.runOnce()
      clock.advance(milliseconds: PersonKeys.foreignMs)
      _ = try await job.runOnce()
    }
    return write(["d1", "d2"], ["b2", "b1"]) + write(["d2", "d1"], ["b2", "b1"])
      + [persons, seals] + write(["d2"], ["b2"]) + [leftOver]
  }

  /// Issues a permit unless the citizen has one, and looks whether his number still opens.
  private static func issue(
    _ permit: String, to citizen: String, _ persons: PersonDirectory, _ store: any Store,
    now: Timestamp
  ) async throws -> Bool {
    for _ in 0..<1_000 {
      do {
        return try await store.write { transaction in
          let person = try persons.findOrCreate(
            transaction, citizenID: citizen, newID: ID("p\(permit)"), now: now)
          #expect(try persons.citizenID(transaction, of: person) == citizen)
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

  /// What is written to the files, and what the log says of it.
  static let mistakes: [(data: [String], blind: [String], told: String)] = [
    (["d2"], ["b1"], "does not have the data key d1"),
    (["d1"], ["b2"], "known under other blind keys than b2"),
    ([], ["b1"], "it has no key"),
  ]

  @Test(arguments: TestEngine.all, Self.mistakes.indices)
  func `keys that do not fit the store do not count, are told once, and what mends them does`(
    _ engine: TestEngine, _ index: Int
  ) async throws {
    let mistake = Self.mistakes[index]
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      try await Migrator([Migration("test", Self.schema)]).migrate(store, now: clock.now())
      let replica = try await Replica(store, data: ["d1"], blind: ["b1"], clock)
      #expect(
        try await Self.issue("1", to: "citizen", replica.persons, store, now: clock.now()))
      try await Self.watching([replica]) {
        try replica.write(data: mistake.data, blind: mistake.blind)
        try await Self.eventually(clock) { !replica.errors.isEmpty }
        #expect("\(replica.errors)".contains(mistake.told))
        #expect(replica.names == [["d1"], ["b1"]])
        #expect(
          try await !Self.issue("2", to: "citizen", replica.persons, store, now: clock.now()))
        try replica.write(data: ["d2", "d1"], blind: ["b2", "b1"])
        try await Self.eventually(clock) { replica.names == [["d2", "d1"], ["b2", "b1"]] }
        #expect(replica.errors.count == 1)
        #expect(
          try await !Self.issue("3", to: "citizen", replica.persons, store, now: clock.now()))
      }
    }
  }
}
