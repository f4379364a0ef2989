import DomainModel
import PermitProof
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

/// What of each change is entered into the log.
struct LogEntryTests {
  @Test(arguments: TestEngine.all)
  func `every change of a permit or a registration enters one record, and a refused one none`(
    _ engine: TestEngine
  ) async throws {
    let registry = try await RegistryFixture()
    try await engine.withStore(registry.clock) { store in
      let registry = try await RegistryFixture(again: registry, over: store)
      _ = try await registry.client.recordRegistration(.sample(1), options: .intake)
      let issued = try #require(try await registry.issue(1))
      registry.clock.set(try .noon("2027-02-15"))
      let endorsed = try await registry.endorse(issued, on: "2027-02-15")
      await #expect(throws: ServiceError.self) {
        try await registry.client.issuePermit(
          RegistryV1.IssuePermitRequest.sample(1).changed {
            $0.idempotencyKey = "another-order-of-the-same-person"
            $0.caseID = "another-case"
          }, options: .approval)
      }
      let log = try await LogReading(store, registry.log)
      #expect(
        log.entries.map(\.action) == ["record_registration", "issue_permit", "endorse_permit"])
      #expect(log.unentered == 0)
      #expect(log.entries.allSatisfy { $0.index == nil })
      let records = log.entries.compactMap(\.opened?.record)
      #expect(records.map(\.subject.kind) == ["registration", "permit", "permit"])
      #expect(records.map(\.subject.version) == [1, 1, 2])
      #expect(records.map(\.actor.kind) == ["service", "officer", "officer"])
      #expect(
        records.map { $0.certificateIdentifier?.text }
          == [nil, issued.certificateIdentifier, endorsed.certificateIdentifier])
      try Self.expectDocuments([nil, issued.document, endorsed.document], in: log)
    }
  }

  /// That the records hold the digests of these documents.
  private static func expectDocuments(_ documents: [[UInt8]?], in log: LogReading) throws {
    for (entry, document) in zip(log.entries, documents) {
      let (salt, record) = try #require(entry.opened)
      #expect(
        record.digests.document == document.map { RecordDigest.document($0, salt: salt) })
    }
  }

  @Test func `a record holds the digests of the line and of the standing as they are kept`()
    async throws
  {
    let registry = try await RegistryFixture()
    let permit = try #require(try await registry.issue(1))
    _ = try await registry.client.recordRegistration(.sample(1), options: .intake)
    for entry in try await LogReading(registry.store, registry.log).entries {
      let history = registry.log.history
      let lines = try await registry.store.read {
        try history.steps($0, of: entry.entity)
      }
      let line = try #require(lines.first)
      let standing = try #require(line.standing)
      let (salt, record) = try #require(entry.opened)
      let digests = record.digests
      #expect(digests.historyRow == RecordDigest.historyRow(line.entry.digestedBytes, salt: salt))
      #expect(digests.standing == RecordDigest.standing(standing.digestedBytes, salt: salt))
      var altered = line.entry
      altered.actor = "officer:somebody-else"
      #expect(digests.historyRow != RecordDigest.historyRow(altered.digestedBytes, salt: salt))
      let holder = try await registry.holder(of: entry.entity, record.subject.kind)
      #expect(digests.holder == RecordDigest.holder(holder.digestedBytes, salt: salt))
      let another = LoggedHolder(person: "another", values: holder.values)
      #expect(digests.holder != RecordDigest.holder(another.digestedBytes, salt: salt))
      let asAnother = LoggedHolder(
        person: holder.person, values: ["another"] + holder.values.dropFirst())
      #expect(digests.holder != RecordDigest.holder(asAnother.digestedBytes, salt: salt))
    }
    #expect(permit.version == 1)
  }

  @Test func `where texts go stands in the digest from the change on`() async throws {
    let registry = try await RegistryFixture()
    let permit = try #require(try await registry.issue(1))
    _ = try await registry.client.changePermitContact(
      .init(
        idempotencyKey: "contact-key-of-person-1",
        certificateIdentifier: permit.certificateIdentifier, order: .holder("2026-03-10"),
        phone: "13900000009"), options: .intake)
    let entries = try await LogReading(registry.store, registry.log).entries
    let holder = try await registry.holder(of: permit.permitID, "permit")
    #expect(holder.values.first == "13900000009")
    let matches = try entries.map { entry in
      let (salt, record) = try #require(entry.opened)
      return record.digests.holder == RecordDigest.holder(holder.digestedBytes, salt: salt)
    }
    #expect(matches == [false, true])
  }

  @Test func `an actor's name that is no word does not get into the log`() {
    for (actor, kind) in [
      ("officer:approver-1", "officer"), ("system", "system"), ("张三", "other"), ("", "other"),
      (String(repeating: "a", count: 400), "other"),
    ] {
      var entry = HistoryEntry(
        entity: "01", at: Timestamp(milliseconds: 1), actor: actor, office: "33", action: "lose")
      entry.sequence = 4
      let change = LoggedChange(
        kind: .permit, line: HistoryStep(entry: entry, standing: nil), divisionCode: "330106")
      let record = change.record(salt: LeafSalt(random: SeededRandom()))
      #expect(record.actor == LogRecord.Actor(kind: kind))
      #expect(record.subject.version == 4)
    }
  }

  @Test(arguments: TestEngine.all)
  func `lines of earlier releases are entered once, in their order`(
    _ engine: TestEngine
  ) async throws {
    let registry = try await RegistryFixture()
    try await engine.withStore(registry.clock) { store in
      let registry = try await RegistryFixture(again: registry, over: store)
      _ = try await registry.client.recordRegistration(.sample(1), options: .intake)
      let first = try #require(try await registry.issue(1))
      let second = try #require(try await registry.issue(2))
      registry.clock.set(try .noon("2027-02-15"))
      let endorsed = try await registry.endorse(first, on: "2027-02-15")
      // As an earlier release had left it: no log, and no standing of what was issued.
      try await store.write { transaction in
        try transaction.execute("DELETE FROM log_entry")
        try transaction.execute(
          """
          UPDATE history SET state = NULL, version = NULL, record = NULL
          WHERE action = 'issue_permit'
          """)
      }
      let lost = try await registry.client.reportLoss(
        .init(
          idempotencyKey: "loss-key-of-person-2",
          certificateIdentifier: second.certificateIdentifier, order: .holder("2027-02-15")),
        options: .intake)
      #expect(try await LogReading(store, registry.log).entries.map(\.sequence) == [1, 2])
      let backfill = LogBackfill(store: registry.registryStore, parts: registry.parts)
      #expect(try await backfill.runOnce() == 3)
      #expect(try await backfill.runOnce() == 0)
      _ = try await registry.assembly.sequenceOnce()
      let log = try await LogReading(store, registry.log)
      #expect(try log.defects() == [])
      let ofFirst = log.entries.filter { $0.entity == first.permitID }
      for (entry, document) in zip(ofFirst, [first.document, endorsed.document]) {
        let (salt, record) = try #require(entry.opened)
        #expect(record.digests.document == RecordDigest.document(document, salt: salt))
      }
      #expect(
        ofFirst.map { $0.opened?.record.certificateIdentifier?.text }
          == [first.certificateIdentifier, endorsed.certificateIdentifier])
      #expect(lost.permit?.permitID == second.permitID)
    }
  }
}
