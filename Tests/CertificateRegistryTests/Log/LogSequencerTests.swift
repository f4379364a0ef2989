import DomainModel
import PermitProof
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

/// Every entry gets exactly one leaf, whatever dies or stalls.
struct LogSequencerTests {
  /// Runs over a registry that has issued permits to some persons, in a store of the engine.
  private static func with(
    _ permits: Int, _ engine: TestEngine, _ body: (RegistryFixture) async throws -> Void
  ) async throws {
    let registry = try await RegistryFixture()
    try await engine.withStore(registry.clock) { store in
      let registry = try await RegistryFixture(again: registry, over: store)
      for person in 1...permits { _ = try await registry.issue(person) }
      try await body(registry)
    }
  }

  /// A sequencer of its own name; its leases end at once unless told.
  private static func sequencer(
    _ registry: RegistryFixture, _ signer: (any PermitSigner)? = nil,
    over store: (any Store)? = nil,
    leaseMs: Int64 = 0, batchMax: Int = 2
  ) -> LogSequencer {
    var parts = registry.parts
    if let store { parts.store = store }
    var sequencer = LogSequencer(registry.log, signer: signer ?? registry.signer, parts: parts)
    sequencer.limits.leaseMs = leaseMs
    sequencer.limits.batchMax = batchMax
    return sequencer
  }

  @Test(arguments: TestEngine.all)
  func `entries get gap-free leaves in batches, one signed head each, and all of it proves`(
    _ engine: TestEngine
  ) async throws {
    try await Self.with(5, engine) { registry in
      let sequencer = Self.sequencer(registry, leaseMs: 60_000)
      #expect(try await sequencer.sequenceOnce() == 5)
      #expect(try await sequencer.sequenceOnce() == 0)
      for person in 6...8 { _ = try await registry.issue(person) }
      #expect(try await sequencer.sequenceOnce() == 3)
      let log = try await LogReading(registry.store, registry.log)
      #expect(try log.defects() == [])
      #expect(log.heads.map(\.head.size) == [2, 4, 5, 7, 8])
      #expect(Set(log.heads.map(\.head.logID)).count == 1)
    }
  }

  @Test(arguments: TestEngine.all)
  func `while one sequencer's lease lasts, another waits`(_ engine: TestEngine) async throws {
    try await Self.with(2, engine) { registry in
      let first = Self.sequencer(registry, leaseMs: 3_600_000, batchMax: 1)
      let second = Self.sequencer(registry, batchMax: 1)
      var held: LogSequencer.Held?
      var other: LogSequencer.Held?
      let rounds = [
        try await first.round(&held), try await second.round(&other),
        try await first.round(&held), try await first.round(&held),
      ]
      #expect(rounds == [.sequenced(1), .standby, .sequenced(1), .idle])
      #expect(try await LogReading(registry.store, registry.log).defects() == [])
    }
  }

  @Test(arguments: TestEngine.all)
  func `one that stalled past its lease commits nothing`(_ engine: TestEngine) async throws {
    try await Self.with(3, engine) { registry in
      let second = Self.sequencer(registry)
      let stalling = StallingSigner(signer: registry.signer) {
        let count = try await second.sequenceOnce()
        #expect(count == 3)
      }
      let first = Self.sequencer(registry, stalling)
      await #expect(throws: LogLeaseLost.self) { try await first.sequenceOnce() }
      let log = try await LogReading(registry.store, registry.log)
      #expect(try log.defects() == [])
      #expect(log.heads.map(\.head.size) == [2, 3])
      _ = try await registry.issue(4)
      #expect(try await Self.sequencer(registry).sequenceOnce() == 1)
      #expect(try await LogReading(registry.store, registry.log).defects() == [])
    }
  }

  @Test(arguments: FailingStore.Moment.allCases)
  func `one that dies at any step is followed by one that finds the log whole`(
    _ moment: FailingStore.Moment
  ) async throws {
    var number = 0
    var hasDied = true
    while hasDied {
      let registry = try await RegistryFixture()
      for person in 1...3 { _ = try await registry.issue(person) }
      let dying = FailingStore(registry.store, at: number, moment)
      _ = try? await Self.sequencer(registry, over: dying, leaseMs: 1_000).sequenceOnce()
      hasDied = dying.isDead
      registry.clock.advance(milliseconds: 1_000)
      _ = try await Self.sequencer(registry).sequenceOnce()
      #expect(try await LogReading(registry.store, registry.log).defects() == [])
      number += 1
    }
    // A claim and the look before it, twice a look, a read and a commit, and the last look; then
    // one that does not die.
    #expect(number == 10)
  }

  @Test(.timeLimit(.minutes(10)))
  func `as long as it runs, each entry gets its leaf without a poll`() async throws {
    let registry = try await RegistryFixture()
    let job = try #require(registry.assembly.jobs.first { $0.name == "log sequencer" })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await job.run() }
      defer { group.cancelAll() }
      for person in 1...3 {
        let mark = registry.store.signals.mark(LogTable.sequenced)
        _ = try await registry.issue(person)
        try await registry.store.signals.wait(LogTable.sequenced, after: mark)
        #expect(try await LogReading(registry.store, registry.log).defects() == [])
        registry.clock.advance(milliseconds: 20)
      }
    }
  }

  @Test func `without a signature nothing is sequenced, and it is made up for`() async throws {
    let registry = try await RegistryFixture()
    _ = try await registry.issue(1)
    let stalling = StallingSigner(signer: registry.signer) { throw ServiceError(.overloaded) }
    await #expect(throws: ServiceError.self) {
      try await Self.sequencer(registry, stalling).sequenceOnce()
    }
    #expect(try await LogReading(registry.store, registry.log).heads.isEmpty)
    #expect(try await Self.sequencer(registry).sequenceOnce() == 1)
    #expect(try await LogReading(registry.store, registry.log).defects() == [])
  }

  @Test func `health says so when a change waits too long for its leaf`() async throws {
    let registry = try await RegistryFixture()
    _ = try await registry.issue(1)
    try await registry.assembly.checkLog()
    registry.clock.advance(milliseconds: 10_000)
    try await registry.assembly.checkLog()
    registry.clock.advance(milliseconds: 1)
    await #expect(throws: LogBehind.self) { try await registry.assembly.checkLog() }
    #expect(try await registry.assembly.sequenceOnce() == 1)
    try await registry.assembly.checkLog()
  }
}

/// A signer that lets something happen before it signs.
private struct StallingSigner: PermitSigner {
  let signer: DirectSigner
  let meanwhile: @Sendable () async throws -> Void

  var keyID: String { self.signer.keyID }
  var publicKeyPEM: String { self.signer.publicKeyPEM }

  func sign(_ document: [UInt8]) async throws -> [UInt8] {
    try await self.meanwhile()
    return try await self.signer.sign(document)
  }
}
