import DomainModel
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

/// What answers say of the log, and how long they wait for it.
@Suite(.timeLimit(.minutes(10)))
struct LeafWaitTests {
  private static let waiting = RegistrySettings(leafWaitMs: 2_000)
  /// Where a leaf is coming: a server on a loaded machine may take long by a clock that runs.
  private static let patient = RegistrySettings(leafWaitMs: 3_600_000)

  /// Lets the clock go on while something waits for it, but not beyond `limit`.
  private static func moving<Value: Sendable>(
    _ registry: RegistryFixture, until limit: Timestamp = Timestamp(milliseconds: .max),
    _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask { try await body() }
      group.addTask {
        while !Task.isCancelled {
          if let wake = registry.clock.earliestWake, wake <= limit {
            registry.clock.advance(milliseconds: 1)
          }
          await Task.yield()
        }
        return nil
      }
      defer { group.cancelAll() }
      while let value = try await group.next() { if let value { return value } }
      throw CancellationError()
    }
  }

  @Test(arguments: TestEngine.all)
  func `an answer comes with the leaf of its change`(_ engine: TestEngine) async throws {
    let first = try await RegistryFixture()
    try await engine.withStore(first.clock) { store in
      let registry = try await RegistryFixture(again: first, over: store, settings: Self.patient)
      try await registry.working {
        try await Self.moving(registry) {
          for person in 1...3 {
            let permit = try #require(try await registry.issue(person))
            #expect(permit.logState == .sequenced && permit.leafIndex == person - 1)
          }
          let permit = try #require(try await registry.issue(1))
          #expect(permit.logState == .sequenced && permit.leafIndex == 0)
          let lost = try await registry.client.reportLoss(
            .init(
              idempotencyKey: "loss-key-of-person-1",
              certificateIdentifier: permit.certificateIdentifier, order: .holder("2026-03-10")),
            options: .intake)
          #expect(lost.permit?.logState == .sequenced && lost.permit?.leafIndex == 3)
        }
      }
      #expect(try await LogReading(store, registry.log).defects() == [])
    }
  }

  @Test(arguments: TestEngine.all)
  func `an import and a report of a person come with the leaves of all that they changed`(
    _ engine: TestEngine
  ) async throws {
    let first = try await RegistryFixture()
    try await engine.withStore(first.clock) { store in
      let registry = try await RegistryFixture(again: first, over: store, settings: Self.patient)
      try await registry.working {
        try await Self.moving(registry) {
          let registration = try await registry.register()
          let imported = try await registry.client.importPermit(
            .sample(2), options: .authority)
          #expect(imported.permit?.logState == .sequenced && imported.permit?.leafIndex == 1)
          let permit = try #require(try await registry.issue(1))
          let died = try await registry.report(1, .died("2026-03-09"))
          #expect(
            died.changes == [
              .init(
                entityID: registration.registrationID, entityVersion: 2, logState: .sequenced,
                leafIndex: 3),
              .init(
                entityID: permit.permitID, entityVersion: 2, logState: .sequenced, leafIndex: 4),
            ])
          #expect(try await registry.report(1, .died("2026-03-09")) == died)
          let nothing = try await registry.report(
            1, .died("2026-03-09"), key: "person-event-key-2")
          #expect(nothing.changes.isEmpty)
        }
      }
      #expect(try await LogReading(store, registry.log).defects() == [])
    }
  }

  @Test func `the repeat of a report knows the leaves that came since`() async throws {
    let registry = try await RegistryFixture()
    _ = try await registry.register()
    _ = try await registry.issue(1)
    let before = try await registry.report(1, .died("2026-03-09"))
    #expect(before.changes.map(\.logState) == [.sequencing, .sequencing])
    #expect(try await registry.assembly.sequenceOnce() == 4)
    let after = try await registry.report(1, .died("2026-03-09"))
    #expect(after.changes.map(\.logState) == [.sequenced, .sequenced])
    #expect(after.changes.map(\.leafIndex) == [2, 3])
    #expect(after.changes.map(\.entityID) == before.changes.map(\.entityID))
  }

  @Test func `where the sequencer is away it comes after two seconds, and the repeat knows more`()
    async throws
  {
    let registry = try await RegistryFixture(settings: Self.waiting)
    let began = registry.clock.now()
    let permit = try #require(
      try await Self.moving(registry) { try await registry.issue(1) })
    #expect(permit.logState == .sequencing && permit.leafIndex == 0)
    #expect(registry.clock.now() >= began.adding(milliseconds: 2_000))
    #expect(registry.clock.now() < began.adding(milliseconds: 10_000))
    #expect(try await registry.assembly.sequenceOnce() == 1)
    // The repeat looks by itself: no round of the sequencer is coming.
    let again = try #require(try await Self.moving(registry) { try await registry.issue(1) })
    #expect(again.logState == .sequenced && again.leafIndex == 0 && again.facts == permit.facts)
    let found = try await registry.client.getPermit(
      .init(certificateIdentifier: permit.certificateIdentifier), options: .auditor)
    #expect(found.permit?.logState == .sequenced)
  }

  @Test func `a caller with less time is answered before his time is over`() async throws {
    let registry = try await RegistryFixture(settings: Self.waiting)
    let began = registry.clock.now()
    let ended = began.adding(milliseconds: 500)
    // The deadline itself never comes, however slow the machine is.
    let permit = try await Self.moving(registry, until: ended.adding(milliseconds: -1)) {
      var options = CallOptions.approval
      options.timeoutMs = 500
      return try await registry.client.issuePermit(.sample(1), options: options).permit
    }
    #expect(permit?.logState == .sequencing)
    #expect(registry.clock.now() < ended)
  }

  @Test func `whoever waits asks the store nothing, and one look serves all`() async throws {
    let registry = try await RegistryFixture()
    for person in 1...20 { _ = try await registry.issue(person) }
    let lines = try await LogReading(registry.store, registry.log).entries
      .map { LogLine(entity: $0.entity, version: $0.sequence) }
    let counting = CountingStore(registry.store)
    var parts = registry.parts
    parts.store = counting
    let wait = LeafWait(registry.log, parts, limits: LeafWait.Limits())
    let found = try await withThrowingTaskGroup(of: Int?.self) { group in
      for line in lines { group.addTask { await wait.leaf(of: line, leftMs: nil) } }
      // All wait: each for the time of its own look, and for the signal.
      #expect(await registry.clock.waitForSleepers(20))
      #expect(counting.all.reads == 0)
      group.addTask {
        try? await wait.run()
        return nil
      }
      #expect(await registry.clock.waitForSleepers(21))
      let before = counting.all.reads
      _ = try await registry.assembly.sequenceOnce()
      var found: [Int] = []
      while found.count < 20, let leaf = try await group.next() {
        if let leaf { found.append(leaf) }
      }
      #expect(counting.all.reads - before <= 2)
      group.cancelAll()
      return found
    }
    #expect(found.sorted() == Array(0..<20))
  }

  @Test func `one more than may wait tells what is known`() async throws {
    let registry = try await RegistryFixture()
    let permit = try #require(try await registry.issue(1))
    let line = LogLine(entity: permit.permitID, version: 1)
    var limits = LeafWait.Limits()
    limits.waitingMax = 1
    let wait = LeafWait(registry.log, registry.parts, limits: limits)
    await withTaskGroup(of: Int?.self) { group in
      group.addTask { await wait.leaf(of: line, leftMs: nil) }
      #expect(await registry.clock.waitForSleepers(1))
      #expect(await wait.leaf(of: line, leftMs: nil) == nil)
      group.cancelAll()
    }
    #expect(await wait.leaf(of: line, leftMs: 0) == nil)
  }

  @Test func `what goes wrong with the store does not unmake the change`() async throws {
    let registry = try await RegistryFixture()
    let permit = try #require(try await registry.issue(1))
    var parts = registry.parts
    parts.store = FailingStore(registry.store, at: 0, .before)
    let wait = LeafWait(registry.log, parts, limits: LeafWait.Limits())
    let line = LogLine(entity: permit.permitID, version: 1)
    let leaf = try await Self.moving(registry) { await wait.leaf(of: line, leftMs: nil) ?? -1 }
    #expect(leaf == -1)
  }
}
