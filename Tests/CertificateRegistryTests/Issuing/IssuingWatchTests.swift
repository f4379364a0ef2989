import DomainModel
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

/// What the gate sees of a store, what it holds up, and what goes on.
@Suite(.timeLimit(.minutes(10)))
struct IssuingWatchTests {
  /// A registry with three leaves, a permit each, under two heads, that has looked once.
  private static func with(
    _ engine: TestEngine, settings: RegistrySettings.Issuing = .init(),
    _ body: (RegistryFixture, [RegistryV1.Permit]) async throws -> Void
  ) async throws {
    var all = RegistrySettings(leafWaitMs: 0)
    all.issuing = settings
    let first = try await RegistryFixture()
    try await engine.withStore(first.clock) { store in
      let registry = try await RegistryFixture(again: first, over: store, settings: all)
      var permits: [RegistryV1.Permit] = []
      for person in 1...3 {
        permits.append(try #require(try await registry.issue(person)))
        if person > 1 { _ = try await registry.assembly.sequenceOnce() }
        // The lease of the sequencer that made these.
        registry.clock.advance(milliseconds: 2_000)
      }
      try await registry.assembly.lookAtIssuing()
      try registry.assembly.checkIssuing()
      try await body(registry, permits)
    }
  }

  /// The cause by which an issue is refused; nil where it is not.
  private static func cause(_ registry: RegistryFixture, _ person: Int = 9) async -> String? {
    do {
      _ = try await registry.issue(person)
      return nil
    } catch let error as ServiceError {
      guard error.reason == "ISSUING_STOPPED", error.code == .unavailable else {
        return error.reason
      }
      return error.metadata["cause"]
    } catch {
      return "\(error)"
    }
  }

  private static func run(_ registry: RegistryFixture, _ statement: SQL) async throws {
    try await registry.store.write { try $0.execute(statement) }
  }

  /// One kind of damage, and a part of what health says.
  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let statement: SQL
    let said: String

    init(_ name: String, _ statement: SQL, says said: String) {
      self.testDescription = name
      self.statement = statement
      self.said = said
    }
  }

  private static let damages: [Damage] = [
    Damage(
      "a leaf's hash",
      """
      UPDATE log_entry SET leaf_hash = (SELECT root FROM log_head WHERE size = 2)
      WHERE leaf_index = 2
      """, says: "leaf 2 is damaged (LEAF_ALTERED)"),
    Damage(
      "a leaf's record", "UPDATE log_entry SET record = leaf_hash WHERE leaf_index = 1",
      says: "leaf 1 is damaged (RECORD_UNREADABLE)"),
    Damage(
      "a leaf that has gone", "DELETE FROM log_entry WHERE leaf_index = 1",
      says: "LEAF_MISSING"),
    Damage(
      "the last leaf", "DELETE FROM log_entry WHERE leaf_index = 2",
      says: "it counts 3 leaves, there are 2, and the newest head covers 3"),
    Damage(
      "the sequencer's count", "UPDATE log_sequencer SET size = 4",
      says: "it counts 4 leaves, there are 3, and the newest head covers 3"),
    Damage(
      "a node", "UPDATE log_node SET hash = (SELECT root FROM log_head WHERE size = 3)",
      says: "NODE_ALTERED"),
    Damage(
      "a head's root",
      "UPDATE log_head SET root = (SELECT leaf_hash FROM log_entry WHERE leaf_index = 0)",
      says: "HEAD_ALTERED"),
    Damage(
      "a root that is none", "UPDATE log_head SET root = \([UInt8](repeating: 1, count: 3))",
      says: "UNREADABLE"),
    Damage(
      "a head's signature",
      """
      UPDATE log_head SET signature = (SELECT signature FROM permit WHERE case_id = 'case-1')
      WHERE size = 3
      """, says: "head 3 is damaged (HEAD_ALTERED): its signature is wrong"),
    Damage(
      "the log's name", "UPDATE log_sequencer SET log_id = 'another'", says: "HEAD_ALTERED"),
    Damage(
      "the public key", "UPDATE signing_key SET public_key_pem = 'none'", says: "is damaged"),
    Damage(
      "a permit's row", "UPDATE permit SET valid_to_on = '2030-01-01' WHERE case_id = 'case-2'",
      says: "is damaged (ROW_ALTERED)"),
    Damage(
      "a line of a history", "UPDATE history SET at = at - 1", says: "is damaged (LINE_ALTERED)"),
  ]

  @Test(arguments: TestEngine.all, damages)
  func `damage at the end of the log stops issuing and is named`(
    _ engine: TestEngine, _ damage: Damage
  ) async throws {
    try await Self.with(engine) { registry, _ in
      try await Self.run(registry, damage.statement)
      #expect(await Self.cause(registry, 4) == nil, "nobody has looked since")
      try await registry.assembly.lookAtIssuing()
      #expect(await Self.cause(registry) == "log_damaged")
      let stopped = #expect(throws: IssuingStopped.self) {
        try registry.assembly.checkIssuing()
      }
      #expect(stopped?.description.contains(damage.said) == true, "\(stopped?.description ?? "")")
    }
  }

  @Test(arguments: TestEngine.all)
  func `while the gate is shut only what makes certificates stands still, and it opens by itself`(
    _ engine: TestEngine
  ) async throws {
    try await Self.with(engine) { registry, permits in
      let leaf = try await registry.store.read { snapshot in
        try snapshot.row("SELECT leaf_hash FROM log_entry WHERE leaf_index = 2")?.bytes("leaf_hash")
      }
      let undamaged = try #require(leaf)
      try await Self.run(
        registry,
        "UPDATE log_entry SET leaf_hash = \([UInt8](repeating: 7, count: 32)) WHERE leaf_index = 2")
      try await registry.assembly.lookAtIssuing()
      try await Self.expectRefused(registry, permits)
      try await Self.expectServed(registry, permits)
      #expect(try await registry.assembly.sequenceOnce() == 0, "no head is signed over damage")
      try await Self.run(
        registry, "UPDATE log_entry SET leaf_hash = \(undamaged) WHERE leaf_index = 2")
      try await registry.assembly.lookAtIssuing()
      try registry.assembly.checkIssuing()
      #expect(await Self.cause(registry) == nil)
      registry.clock.advance(milliseconds: 2_000)
      #expect(try await registry.assembly.sequenceOnce() > 2)
      try await registry.assembly.lookAtIssuing()
      try registry.assembly.checkIssuing()
    }
  }

  /// Everything that would make a certificate or a permit.
  private static func expectRefused(
    _ registry: RegistryFixture, _ permits: [RegistryV1.Permit]
  ) async throws {
    let calls: [() async throws -> Void] = [
      { _ = try await registry.issue(9) },
      { _ = try await registry.endorse(permits[0], on: "2027-02-15") },
      {
        _ = try await registry.client.importPermit(.sample(8), options: .authority)
      },
      {
        let changed = RegistryV1.ReportPersonEventRequest.Event.number(
          CitizenIDs.woman(77), "2026-03-09")
        try await registry.report(1, changed)
      },
    ]
    let before = try await registry.count(.history)
    let now = registry.clock.now()
    for (index, call) in calls.enumerated() {
      if index == 1 { registry.clock.set(try .noon("2027-02-15")) }
      let error = await #expect(throws: ServiceError.self) { try await call() }
      #expect(error?.reason == "ISSUING_STOPPED", "call \(index): \(String(describing: error))")
      registry.clock.set(now)
    }
    #expect(try await registry.count(.history) == before)
  }

  /// What serves people all the same.
  private static func expectServed(
    _ registry: RegistryFixture, _ permits: [RegistryV1.Permit]
  ) async throws {
    let number = permits[0].certificateIdentifier
    #expect(try await registry.look(.sample(.certificateIdentifier(number))).valid)
    #expect(try await registry.issue(1)?.facts == permits[0].facts, "the repeat of an answer")
    try await registry.lose(permits[0])
    let lost = try await registry.look(.sample(.certificateIdentifier(number)))
    #expect(!lost.valid && lost.reasonCodes == ["LOST"])
    #expect(try await registry.history(permits[0]).count == 2)
    _ = try await registry.register()
    try await registry.report(2, .died("2026-03-09"), key: "person-event-key-2")
    #expect(
      try await registry.permit(permits[1].certificateIdentifier).cancelReason == .death)
  }

  @Test(arguments: TestEngine.all)
  func `a clock that stands before the newest head stops issuing until it is right`(
    _ engine: TestEngine
  ) async throws {
    try await Self.with(engine) { registry, _ in
      let now = registry.clock.now()
      registry.clock.set(now.adding(milliseconds: -7_200_000))
      #expect(await Self.cause(registry) == "clock_behind", "no new look is needed")
      #expect(throws: IssuingStopped.self) { try registry.assembly.checkIssuing() }
      registry.clock.set(now)
      #expect(await Self.cause(registry) == nil)
    }
  }

  @Test(arguments: TestEngine.all)
  func `a clock far ahead of everything signs no head, so that the next right one is not behind`(
    _ engine: TestEngine
  ) async throws {
    try await Self.with(engine) { registry, permits in
      // A database of its own, whose clock is moved as well, knows that it has only rested.
      let isTold = engine == .sqlite
      let now = registry.clock.now()
      registry.clock.advance(milliseconds: 400 * 86_400_000)
      try await registry.assembly.lookAtIssuing()
      #expect(await Self.cause(registry) == (isTold ? "clock_ahead" : nil))
      guard isTold else { return }
      try await registry.lose(permits[0])
      #expect(try await registry.assembly.sequenceOnce() == 0)
      registry.clock.set(now)
      #expect(await Self.cause(registry) == nil)
      #expect(try await registry.assembly.sequenceOnce() == 2)
      try await registry.assembly.lookAtIssuing()
      try registry.assembly.checkIssuing()
    }
  }

  @Test(.enabled(if: TestEngine.all.contains(.postgres)))
  func `a clock that is not the database server's stops issuing`() async throws {
    let serverClock = FakeClock()
    try await TestEngine.postgres.withStore(serverClock) { store in
      let clock = FakeClock(serverClock.now().adding(milliseconds: 7_200_000))
      let registry = try await RegistryFixture(clock: clock, over: store)
      #expect(try await registry.issue(1) != nil)
      try await registry.assembly.lookAtIssuing()
      #expect(await Self.cause(registry) == "clock_apart")
      clock.set(serverClock.now())
      try await registry.assembly.lookAtIssuing()
      #expect(await Self.cause(registry) == nil)
    }
  }

  @Test(arguments: TestEngine.all)
  func `a wrong key is told before anybody asks for a permit`(_ engine: TestEngine) async throws {
    try await Self.with(engine) { registry, _ in
      let signer = try DirectSigner()
      let wrong = try await RegistryFixture(again: registry, signer: signer, over: registry.store)
      try await wrong.assembly.lookAtIssuing()
      let stopped = #expect(throws: IssuingStopped.self) { try wrong.assembly.checkIssuing() }
      #expect(stopped?.description.contains(registry.signer.keyID) == true)
      let error = await #expect(throws: ServiceError.self) { try await wrong.issue(9) }
      #expect(error?.metadata["key_id"] == signer.keyID)
      #expect(error?.metadata["key_in_use"] == registry.signer.keyID)
      #expect(error?.metadata["cause"] == "signing_key")
      let next = try await RegistryFixture(
        again: registry, signer: DirectSigner(after: registry.signer), over: registry.store)
      try await next.assembly.lookAtIssuing()
      try next.assembly.checkIssuing()
    }
  }

  @Test(arguments: [(2, false), (3, true)])
  func `a look takes the newest leaves and no more`(_ entries: Int, _ isFound: Bool) async throws {
    var settings = RegistrySettings.Issuing()
    settings.entriesMax = entries
    try await Self.with(.sqlite, settings: settings) { registry, _ in
      try await Self.run(
        registry, "UPDATE permit SET valid_to_on = '2030-01-01' WHERE case_id = 'case-1'")
      try await registry.assembly.lookAtIssuing()
      #expect(await Self.cause(registry) == (isFound ? "log_damaged" : nil))
    }
  }

  @Test(arguments: TestEngine.all)
  func `it looks again by itself, sooner while the gate is shut`(_ engine: TestEngine) async throws
  {
    try await Self.with(engine) { registry, _ in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for job in registry.assembly.jobs where job.name == "issuing watch" {
          group.addTask { try await job.run() }
        }
        defer { group.cancelAll() }
        #expect(await registry.clock.waitForSleepers(1))
        try await Self.run(registry, "UPDATE log_sequencer SET size = 4")
        registry.clock.advance(milliseconds: 59_999)
        #expect(await Self.cause(registry, 10) == nil)
        registry.clock.advance(milliseconds: 1)
        #expect(await registry.clock.waitForSleepers(1))
        #expect(await Self.cause(registry, 11) == "log_damaged")
        try await Self.run(registry, "UPDATE log_sequencer SET size = 3")
        registry.clock.advance(milliseconds: IssuingWatch.shutPauseMsMax)
        #expect(await registry.clock.waitForSleepers(1))
        #expect(await Self.cause(registry, 11) == nil)
      }
    }
  }
}
