import Crypto
import DomainModel
import PermitProof
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

/// Whatever is done to a store behind the registry's back is found against a witnessed head.
struct RegistryAuditTests {
  /// One kind of damage: what is done, what is found, and a part of where.
  struct Damage: Sendable, CustomTestStringConvertible {
    let name: String
    let statements: [SQL]
    let codes: [AuditFinding.Code]
    var place = ""

    init(
      _ name: String, _ statements: SQL..., finds codes: [AuditFinding.Code], at place: String = ""
    ) {
      self.name = name
      self.statements = statements
      self.codes = codes
      self.place = place
    }

    var testDescription: String { self.name }
  }

  /// The store: leaf 0 registers person 1, 1 issues to him, 2 issues to person 2, 3 endorses the
  /// first permit, 4 reports the second one lost, 5 ends the registration.
  static let damages: [Damage] = [
    // Rows.
    Damage(
      "a permit's term", "UPDATE permit SET valid_to_on = '2030-01-01' WHERE case_id = 'case-1'",
      finds: [.rowAltered], at: "permit "),
    Damage(
      "a permit's issue is back-dated",
      "UPDATE permit SET issued_at = issued_at - 86400000 WHERE case_id = 'case-2'",
      finds: [.rowAltered], at: "permit "),
    Damage(
      "a permit's loss is undone", "UPDATE permit SET lost_since = NULL WHERE case_id = 'case-2'",
      finds: [.rowAltered], at: "permit "),
    Damage(
      "a permit's holder",
      """
      INSERT INTO person (person_id, citizen_id, created_at)
      SELECT 'another', citizen_id, created_at FROM person LIMIT 1
      """, "UPDATE permit SET person_id = 'another' WHERE case_id = 'case-1'",
      finds: [.holderAltered], at: "permit "),
    Damage(
      "a permit's policy",
      "UPDATE permit SET policy_version = 'another' WHERE case_id = 'case-1'",
      finds: [.holderAltered], at: "permit "),
    Damage(
      "a permit's signature",
      "UPDATE permit SET signature = (SELECT signature FROM log_head WHERE size = 6)",
      finds: [.documentAltered, .documentAltered], at: "certificate 1.2.156.3005.2."),
    Damage(
      "a permit's sealed document", "UPDATE permit SET document = phone WHERE case_id = 'case-2'",
      finds: [.documentAltered], at: "certificate 1.2.156.3005.2."),
    Damage(
      "a permit is dropped", "DELETE FROM permit WHERE case_id = 'case-2'", finds: [.rowMissing],
      at: "permit "),
    Damage(
      "a past certificate is dropped", "DELETE FROM past_certificate",
      finds: [.documentMissing], at: "certificate 1.2.156.3005.2."),
    Damage(
      "a past certificate ends earlier", "UPDATE past_certificate SET superseded_at = 5",
      finds: [.rowAltered], at: "certificate 1.2.156.3005.2."),
    Damage(
      "a registration's day", "UPDATE registration SET declared_on = '2020-01-01'",
      finds: [.rowAltered], at: "registration "),
    Damage(
      "a registration's end is undone",
      "UPDATE registration SET ended_on = NULL, end_reason = NULL", finds: [.rowAltered],
      at: "registration "),
    Damage(
      "a registration's identity", "UPDATE registration SET identity = address",
      finds: [.holderAltered], at: "registration "),
    Damage(
      "a registration's person",
      """
      UPDATE registration SET person_id = (SELECT person_id FROM permit WHERE case_id = 'case-2')
      """, finds: [.holderAltered], at: "registration "),
    Damage(
      "a registration is dropped", "DELETE FROM registration", finds: [.rowMissing],
      at: "registration "),
    Damage(
      "a registration is slipped in",
      """
      INSERT INTO registration (registration_id, person_id, division_code, address, identity,
        declared_on, office_code, recorded_at, version)
      SELECT 'unseen', person_id, division_code, address, identity, declared_on, office_code,
        recorded_at, version FROM registration
      """, finds: [.rowUnlogged], at: "registration unseen"),
    // Lines of histories.
    Damage(
      "a line's officer", "UPDATE history SET actor = 'officer:b' WHERE action = 'endorse_permit'",
      finds: [.lineAltered], at: "/2"),
    Damage(
      "a line is back-dated", "UPDATE history SET at = at - 1 WHERE action = 'report_loss'",
      finds: [.lineAltered], at: "/2"),
    Damage(
      "a line's sealed reason",
      """
      UPDATE history SET detail = (SELECT detail FROM history WHERE action = 'report_loss')
      WHERE action = 'endorse_permit'
      """, finds: [.lineAltered], at: "/2"),
    Damage(
      "how it stood after a line",
      "UPDATE history SET state = 'valid' WHERE action = 'report_loss'",
      finds: [.standingAltered], at: "/2"),
    Damage(
      "how it stood is dropped",
      """
      UPDATE history SET state = NULL, version = NULL, record = NULL
      WHERE action = 'endorse_permit'
      """, finds: [.standingAltered], at: "/2"),
    Damage(
      "a line is dropped", "DELETE FROM history WHERE action = 'endorse_permit'",
      finds: [.lineMissing], at: "/2"),
    Damage(
      "a line is slipped in",
      """
      INSERT INTO history (entity, sequence, at, actor, role, office, action, detail)
      SELECT entity, 3, at, actor, role, office, action, detail FROM history
      WHERE action = 'report_loss'
      """, finds: [.lineUnlogged], at: "/3"),
    // The log.
    Damage(
      "an entry's column", "UPDATE log_entry SET action = 'correct_permit' WHERE leaf_index = 3",
      finds: [.entryAltered], at: "leaf 3"),
    Damage(
      "an entry is back-dated", "UPDATE log_entry SET at = at - 1 WHERE leaf_index = 3",
      finds: [.entryAltered], at: "leaf 3"),
    Damage(
      "an entry's division", "UPDATE log_entry SET division_code = '330102' WHERE leaf_index = 3",
      finds: [.entryAltered], at: "leaf 3"),
    Damage(
      "an entry's certificate",
      "UPDATE log_entry SET certificate_identifier = NULL WHERE leaf_index = 3",
      finds: [.entryAltered], at: "leaf 3"),
    Damage(
      "a leaf's hash",
      """
      UPDATE log_entry SET leaf_hash = (SELECT root FROM log_head WHERE size = 6)
      WHERE leaf_index = 3
      """, finds: [.leafAltered, .witnessDiffers, .nodeAltered, .headAltered], at: "leaf 3"),
    Damage(
      "a record of another leaf",
      """
      UPDATE log_entry SET record = (SELECT record FROM log_entry WHERE leaf_index = 4)
      WHERE leaf_index = 3
      """, finds: [.recordUnreadable], at: "leaf 3"),
    Damage(
      "a record is destroyed", "UPDATE log_entry SET record = NULL WHERE leaf_index = 3",
      finds: [.recordDestroyed], at: "leaf 3"),
    Damage(
      "two leaves change places", "UPDATE log_entry SET leaf_index = 100 WHERE leaf_index = 3",
      "UPDATE log_entry SET leaf_index = 3 WHERE leaf_index = 4",
      "UPDATE log_entry SET leaf_index = 4 WHERE leaf_index = 100",
      finds: [.witnessDiffers, .nodeAltered, .nodeAltered, .headAltered], at: "leaves 2 to 3"),
    Damage(
      "two leaves of one entity change places",
      "UPDATE log_entry SET leaf_index = 100 WHERE leaf_index = 0",
      "UPDATE log_entry SET leaf_index = 0 WHERE leaf_index = 5",
      "UPDATE log_entry SET leaf_index = 5 WHERE leaf_index = 100",
      finds: [
        .orderAltered, .witnessDiffers, .nodeAltered, .nodeAltered, .headAltered, .headAltered,
      ], at: "leaves 0 to 1"),
    Damage(
      "an entry is dropped", "DELETE FROM log_entry WHERE leaf_index = 3",
      finds: [.leafMissing, .lineUnlogged], at: "leaf 3"),
    Damage(
      "an entry is made to wait", "UPDATE log_entry SET leaf_index = NULL WHERE leaf_index = 4",
      finds: [.leafMissing], at: "leaf 4"),
    Damage(
      "the end is cut off", "DELETE FROM log_entry WHERE leaf_index = 5",
      "DELETE FROM log_head WHERE size = 6", "UPDATE log_sequencer SET size = 5",
      finds: [.leavesMissing, .lineUnlogged], at: "head 6"),
    Damage(
      "a node",
      """
      UPDATE log_node SET hash = (SELECT root FROM log_head WHERE size = 6)
      WHERE level = 1 AND node_index = 0
      """,
      finds: [.nodeAltered], at: "leaves 0 to 1"),
    Damage(
      "a node is dropped", "DELETE FROM log_node WHERE level = 2", finds: [.nodeAltered],
      at: "leaves 0 to 3"),
    Damage(
      "a head's instant", "UPDATE log_head SET at = at - 1 WHERE size = 3", finds: [.headAltered],
      at: "head 3"),
    Damage(
      "the witnessed head is dropped", "DELETE FROM log_head WHERE size = 6",
      finds: [.headAltered], at: "head 6"),
    Damage(
      "another log's name", "UPDATE log_sequencer SET log_id = 'another'",
      finds: [.witnessDiffers, .headAltered, .headAltered, .headAltered], at: "head 6"),
  ]

  /// The registry's store, and its newest head as a witness keeps it.
  private static func with(
    _ engine: TestEngine, _ body: (RegistryFixture, SignedTreeHead) async throws -> Void
  ) async throws {
    let first = try await RegistryFixture()
    try await engine.withStore(first.clock) { store in
      let registry = try await RegistryFixture(again: first, over: store)
      let registration = try await registry.register { $0.workplace = "测试店" }
      let permit = try #require(try await registry.issue(1))
      let second = try #require(try await registry.issue(2))
      #expect(try await registry.assembly.sequenceOnce() == 3)
      registry.clock.set(try .noon("2027-02-15"))
      _ = try await registry.endorse(permit, on: "2027-02-15")
      _ = try await registry.client.reportLoss(
        .init(
          idempotencyKey: "loss-key-of-person-2",
          certificateIdentifier: second.certificateIdentifier, order: .holder("2027-02-15")),
        options: .intake)
      _ = try await registry.client.endRegistration(
        .init(
          idempotencyKey: "end-key-of-person-1", registrationID: registration.registrationID,
          endedOn: "2027-02-15", reason: .left, officeCode: "330106500000"), options: .intake)
      #expect(try await registry.assembly.sequenceOnce() == 3)
      try await body(registry, try await registry.registryStore.treeHead(ofSize: 0).signed)
    }
  }

  private static func audit(
    _ registry: RegistryFixture, against heads: [SignedTreeHead], _ keyID: String? = nil
  ) async throws -> AuditReport {
    let key = try SM2PublicKey(pem: registry.signer.publicKeyPEM)
    let trusted = try #require(TrustedKey(id: keyID ?? registry.signer.keyID, key: key))
    let ring = try #require(SigningKeyRing([trusted]))
    return try await RegistryAudit(registry.store, sealer: registry.seals.sealer, keys: ring)
      .run(against: heads)
  }

  @Test(arguments: TestEngine.all)
  func `an untouched store passes, and what came after the head is checked as well`(
    _ engine: TestEngine
  ) async throws {
    try await Self.with(engine) { registry, head in
      let report = try await Self.audit(registry, against: [head])
      #expect(report.findings == [])
      #expect(report.isWhole && report.leaves == 6 && report.witnessed == 6 && report.heads == 2)
      for person in 3...5 { _ = try await registry.issue(person, caseOf: "late-\(person)") }
      #expect(try await registry.assembly.sequenceOnce() == 3)
      _ = try await registry.issue(6, caseOf: "late-6")
      let later = try await Self.audit(registry, against: [head])
      #expect(later.findings == [])
      #expect(later.leaves == 9 && later.witnessed == 6 && later.waiting == 1)
      try await registry.store.write {
        try $0.execute("UPDATE permit SET issued_on = '2020-01-01' WHERE case_id = 'late-6'")
      }
      let altered = try await Self.audit(registry, against: [head])
      #expect(altered.findings.map(\.code) == [.rowAltered])
    }
  }

  @Test(arguments: TestEngine.all, Self.damages)
  func `damage is found and named`(_ engine: TestEngine, _ damage: Damage) async throws {
    try await Self.with(engine) { registry, head in
      try await registry.store.write { transaction in
        for statement in damage.statements { try transaction.execute(statement) }
      }
      let report = try await Self.audit(registry, against: [head])
      #expect(report.findings.map(\.code) == damage.codes)
      #expect(report.findings.contains { $0.place.contains(damage.place) })
      #expect(!report.isWhole && report.findingsCount == damage.codes.count)
    }
  }

  @Test(arguments: TestEngine.all)
  func `a store that somebody works on meanwhile is refused`(_ engine: TestEngine) async throws {
    try await Self.with(engine) { registry, head in
      let key = try SM2PublicKey(pem: registry.signer.publicKeyPEM)
      let trusted = try #require(TrustedKey(id: registry.signer.keyID, key: key))
      let ring = try #require(SigningKeyRing([trusted]))
      let busy = BusyStore(registry.store, afterRead: 4) { try await registry.issue(9) != nil }
      let audit = RegistryAudit(busy, sealer: registry.seals.sealer, keys: ring)
      let refused = await #expect(throws: AuditRefused.self) {
        try await audit.run(against: [head])
      }
      #expect(refused?.description.contains("was changed while it was audited") == true)
    }
  }

  @Test func `a log that was made anew, with the registry's own key, is not the witnessed one`()
    async throws
  {
    try await Self.with(.sqlite) { registry, head in
      // Whoever has the keys and the store can write a whole log again.
      try await registry.store.write { transaction in
        try transaction.execute(
          "UPDATE history SET at = at - 86400000 WHERE action = 'issue_permit'")
        for table in ["log_entry", "log_node", "log_head"] {
          try transaction.execute(SQL(stringLiteral: "DELETE FROM \(table)"))
        }
        try transaction.execute("UPDATE log_sequencer SET size = 0")
      }
      let backfill = LogBackfill(store: registry.registryStore, parts: registry.parts)
      #expect(try await backfill.runOnce() == 6)
      #expect(try await registry.assembly.sequenceOnce() == 6)
      let report = try await Self.audit(registry, against: [head])
      #expect(report.findings.first?.code == .witnessDiffers)
      #expect(report.findings.first?.text.contains("leaves 0 to 5") == true)
    }
  }

  @Test func `of several heads those that agree say how far the log is whole`() async throws {
    try await Self.with(.sqlite) { registry, head in
      let earlier = try await registry.registryStore.treeHead(ofSize: 3).signed
      try await registry.store.write {
        try $0.execute(
          """
          UPDATE log_entry SET leaf_hash = (SELECT root FROM log_head WHERE size = 6)
          WHERE leaf_index = 4
          """)
      }
      let report = try await Self.audit(registry, against: [head, earlier])
      #expect(report.witnessed == 3)
      let differs = report.findings.first { $0.code == .witnessDiffers }
      #expect(differs?.text.contains("leaves 3 to 5") == true)
    }
  }

  @Test func `a head that no trusted key signed proves nothing`() async throws {
    try await Self.with(.sqlite) { registry, head in
      await #expect(throws: AuditRefused.self) {
        _ = try await Self.audit(registry, against: [head], "another-key")
      }
      let forged = SignedTreeHead(head.head, signature: [0x30, 0x00])
      await #expect(throws: AuditRefused.self) {
        _ = try await Self.audit(registry, against: [forged])
      }
    }
  }

  @Test func `a log of more than one page is read page by page`() async throws {
    try await RegistryFixture.with([260], .sqlite) { registry in
      for person in 1...300 {
        _ = try await registry.register(person, key: "registration-key-\(person)")
      }
      #expect(try await registry.assembly.sequenceOnce() == 300)
      let head = try await registry.registryStore.treeHead(ofSize: 0).signed
      let report = try await Self.audit(registry, against: [head])
      #expect(report.findings == [] && report.leaves == 560 && report.witnessed == 560)
      try await registry.store.write {
        try $0.execute("UPDATE log_entry SET leaf_index = 5000 WHERE leaf_index = 530")
      }
      let moved = try await Self.audit(registry, against: [head])
      #expect(moved.findings.map(\.code) == [.leafMissing])
      #expect(moved.findings.first?.place == "leaf 530")
    }
  }
}

extension RegistryFixture {
  /// Issues a permit on the clock's day in a case of this name.
  fileprivate func issue(_ person: Int, caseOf name: String) async throws -> RegistryV1.Permit? {
    var request = RegistryV1.IssuePermitRequest.sample(person)
    request.caseID = name
    request.issuedOn = CivilDate(of: self.clock.now()).iso
    return try await self.client.issuePermit(request, options: .approval).permit
  }
}
