import Crypto
import DomainModel
import PermitProof
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct ErasePersonTests {
  /// Runs over a registry whose first person's everything has ended, the years of its term ago, and
  /// the permit that he had.
  private static func withEnded(
    _ engine: TestEngine, years: Int = 5,
    _ body: (RegistryFixture, RegistryV1.Permit) async throws -> Void
  ) async throws {
    let first = try await RegistryFixture()
    try await engine.withStore(first.clock) { store in
      let registry = try await RegistryFixture(again: first, over: store)
      let permit = try await registry.fill()
      try await registry.endAll(permit)
      registry.wait(years: years)
      try await body(registry, try await registry.permit(permit.certificateIdentifier))
    }
  }

  @Test(arguments: TestEngine.all)
  func `nothing of the person is left, and of the others everything`(
    _ engine: TestEngine
  ) async throws {
    try await Self.withEnded(engine) { registry, _ in
      let before = try await registry.secrets()
      let neighbour = try await registry.export(
        .init(), .holder(3, faceAt: registry.clock.now()))
      let entities = try await registry.export().of("log_entry").map { $0.text("entity") }
      let answer = try await registry.erase()
      #expect(Set(answer.entries.map(\.entityID)) == Set(entities))
      #expect(answer.erasedAtMs == registry.clock.now().milliseconds)
      // Of all that was sealed of him nothing stands where it stood; the neighbour's all does.
      let left = before.intersection(try await registry.secrets())
      let neighbours = try await Self.neighbours(registry)
      #expect(before.count > 40 && left.isSubset(of: neighbours))
      let again = try await registry.export(.init(), .holder(3, faceAt: registry.clock.now()))
      #expect(again.of("permit").count == 1 && neighbour.of("permit").count == 1)
      #expect(again.of("log_entry").map { $0.text("salt") }.allSatisfy { $0.count == 32 })
      let told = try await refusal { _ = try await registry.export() }
      #expect(told == ["PERSON_NOT_FOUND"])
      let open = try await Self.opened(registry)
      #expect(open.contains(CitizenIDs.woman(3)))
      #expect(!open.contains(CitizenIDs.woman(1)) && !open.contains(CitizenIDs.woman(7)))
    }
  }

  /// What is sealed of those who are not erased, and the answers to calls, which are kept a month.
  private static func neighbours(_ registry: RegistryFixture) async throws -> Set<[UInt8]> {
    try await registry.store.read { snapshot in
      let rows = try snapshot.rows(
        """
        SELECT citizen_id AS value FROM person WHERE person_id <> 'erased'
        UNION ALL SELECT blind FROM person_key WHERE person_id <> 'erased'
        UNION ALL SELECT document FROM permit WHERE erased_at IS NULL
        UNION ALL SELECT phone FROM permit WHERE erased_at IS NULL
        UNION ALL SELECT number FROM earlier_permit
        UNION ALL SELECT blind FROM earlier_permit_key
        UNION ALL SELECT payload FROM outbox
        UNION ALL SELECT answer FROM inbox
        UNION ALL SELECT detail FROM history WHERE action = 'import_permit'
        UNION ALL SELECT record FROM history WHERE action = 'import_permit'
        UNION ALL SELECT record FROM log_entry WHERE action = 'import_permit'
        """)
      return Set(try rows.map { try $0.bytes("value") })
    }
  }

  /// All that is sealed in rows of persons, opened, as far as it is text.
  private static func opened(_ registry: RegistryFixture) async throws -> String {
    let seals = ExportSeals(sealer: registry.parts.sealer)
    return try await registry.store.read { snapshot in
      var texts = ""
      for (table, column, key) in [
        ("person", "citizen_id", "person_id"), ("registration", "identity", "registration_id"),
        ("registration", "address", "registration_id"), ("permit", "document", "permit_id"),
        ("permit", "phone", "permit_id"),
        ("past_certificate", "document", "certificate_identifier"),
      ] {
        for row in try snapshot.rows(SQL(stringLiteral: "SELECT * FROM \(table)")) {
          let bytes = try seals.opened(table, column, of: row, named: row.text(key))
          texts += String(decoding: bytes ?? [], as: UTF8.self)
        }
      }
      return texts
    }
  }

  @Test(arguments: TestEngine.all)
  func `what was proved stays proved, and the audit knows an erasure from damage`(
    _ engine: TestEngine
  ) async throws {
    try await Self.withEnded(engine) { registry, permit in
      let head = try await registry.registryStore.treeHead(ofSize: 0).signed
      let count = head.head.size
      let answer = try await registry.erase()
      #expect(try await registry.assembly.sequenceOnce() == answer.entries.count)
      let report = try await registry.audit(against: [head])
      #expect(report.findings == [])
      // Nor does what looks for damage take it for that, and stop issuing.
      try await registry.assembly.lookAtIssuing()
      try registry.assembly.checkIssuing()
      // All but the import of somebody else, and the leaves that say that he was erased.
      #expect(report.leaves == count + 2 && report.destroyed == count - 1)
      let later = try await registry.registryStore.treeHead(ofSize: 0)
      for index in 0..<later.size {
        let proof = try await registry.client.getInclusionProof(
          .init(leaf: .leafIndex(Int64(index))), options: .auditor)
        let leaf = try #require(TreeHash(proof.leafHash))
        let hashes = proof.path.compactMap { TreeHash($0) }
        try InclusionPath(index: index, size: later.size, hashes: hashes)
          .verify(leaf, root: later.signed.head.root)
      }
      let consistency = try await registry.registryStore.consistency(from: count, to: 0)
      try consistency.proof.verify(
        earlierRoot: head.head.root, laterRoot: later.signed.head.root)
      let entry = try #require(answer.entries.first { $0.entityID == permit.permitID })
      let proof = try await registry.client.getInclusionProof(
        .init(leaf: .entry(entry)), options: .auditor)
      let record = try LogRecord(canonicalBytes: proof.record)
      #expect(record.action == "erase_permit" && record.actor.kind == "applicant")
    }
  }

  @Test(arguments: [
    // Somebody takes the erasing leaf's word away, or gives it to another line.
    (
      "UPDATE log_entry SET record = NULL WHERE action = 'erase_permit'",
      ["LINE_MISSING", "RECORD_DESTROYED"]
    ),
    (
      "UPDATE log_entry SET action = 'cancel_permit' WHERE action = 'erase_permit'",
      ["ENTRY_ALTERED", "LINE_MISSING", "RECORD_DESTROYED"]
    ),
    ("DELETE FROM history WHERE action = 'erase_permit'", ["LINE_MISSING"]),
    ("DELETE FROM permit WHERE erased_at IS NOT NULL", ["ROW_MISSING"]),
    (
      "UPDATE permit SET cancelled_at = cancelled_at - 86400000 WHERE erased_at IS NOT NULL",
      ["ROW_ALTERED"]
    ),
    // Whoever destroys another's records finds no erasure to hide behind.
    (
      "UPDATE log_entry SET record = NULL WHERE action = 'import_permit'", ["RECORD_DESTROYED"]
    ),
    (
      """
      UPDATE log_entry SET record = NULL, action = 'erase_permit' WHERE action = 'import_permit'
      """, ["RECORD_DESTROYED"]
    ),
  ])
  func `a gap that no leaf accounts for is found`(
    _ statement: String, _ codes: [String]
  ) async throws {
    try await Self.withEnded(.sqlite) { registry, _ in
      _ = try await registry.erase()
      _ = try await registry.assembly.sequenceOnce()
      let head = try await registry.registryStore.treeHead(ofSize: 0).signed
      try await registry.store.write { transaction in
        if statement.hasPrefix("DELETE FROM permit") {
          try transaction.execute("DELETE FROM past_certificate")
          try transaction.execute("DELETE FROM provision")
        }
        try transaction.execute(SQL(stringLiteral: statement))
      }
      let report = try await registry.audit(against: [head])
      #expect(Set(report.findings.map(\.code.rawValue)) == Set(codes))
    }
  }

  @Test(arguments: TestEngine.all)
  func `what is left says when and how it ended, and takes no change`(
    _ engine: TestEngine
  ) async throws {
    try await Self.withEnded(engine) { registry, permit in
      let registration = try #require(try await registry.residence().registrations.first)
      _ = try await registry.erase()
      let left = try await registry.permit(permit.certificateIdentifier)
      #expect(left.state == .cancelled && left.cancelReason == permit.cancelReason)
      #expect(left.issuedOn == permit.issuedOn && left.caseID == permit.caseID)
      #expect(left.document.isEmpty && left.signature.isEmpty && left.erasedAtMs > 0)
      let history = try await registry.history(left)
      #expect(history.map(\.action) == ["erase_permit"])
      #expect(history.map(\.detail) == ["own_request"] && history[0].actor == "applicant")
      let looked = try await registry.look(
        .sample(.certificateIdentifier(permit.certificateIdentifier)))
      #expect(looked.reasonCodes == ["CANCELLED"] && looked.maskedName.isEmpty)
      let refused: [() async throws -> Void] = [
        {
          _ = try await registry.client.reinstatePermit(
            .init(
              idempotencyKey: "reinstate-key-of-person-1",
              certificateIdentifier: permit.certificateIdentifier,
              order: .sample(CivilDate(of: registry.clock.now()).iso, reason: "判决")),
            options: .approval)
        },
        {
          _ = try await registry.client.renderPermit(
            .init(
              subject: .certificateIdentifier(permit.certificateIdentifier), format: .png),
            options: .officer)
        },
        {
          _ = try await registry.client.endRegistration(
            .sample(registration, .recordedInError, key: "end-registration-key-2"),
            options: .intake)
        },
      ]
      for call in refused { #expect(try await refusal(call) == ["RECORD_ERASED"]) }
      let past = try await refusal {
        _ = try await registry.client.getPermit(
          .init(
            certificateIdentifier: permit.certificateIdentifier, asOfMs: left.issuedAtMs + 1),
          options: .auditor)
      }
      #expect(past == ["STANDING_UNKNOWN"])
      // The case had its permit: nobody is given another one for it.
      let again = RegistryV1.IssuePermitRequest.sample(1).changed {
        $0.idempotencyKey = "another-key-of-this-case"
      }
      let issued = try await refusal {
        _ = try await registry.client.issuePermit(again, options: .approval)
      }
      #expect(issued == ["RECORD_ERASED"])
    }
  }

  @Test(arguments: TestEngine.all)
  func `once is enough, and the same number is somebody new`(_ engine: TestEngine) async throws {
    try await Self.withEnded(engine) { registry, _ in
      let answer = try await registry.erase()
      #expect(try await registry.erase() == answer)
      let again = try await refusal { _ = try await registry.erase(key: "erase-key-number-2") }
      #expect(again == ["PERSON_NOT_FOUND"])
      _ = try await registry.register(key: "registration-key-2")
      #expect(try await registry.residence().registrations.count == 1)
      #expect(try await registry.export().of("registration").count == 1)
    }
  }

  @Test func `everything that stands against it is told at once`() async throws {
    let (registry, permit) = try await RegistryFixture.filled()
    let error = await #expect(throws: ServiceError.self) { try await registry.erase() }
    #expect(error?.reason == "ERASURE_NOT_YET")
    #expect(
      error?.metadata["rules"] == "PERMIT_LIVE REGISTRATION_IN_FORCE TEXTS_OWED TERM_NOT_OVER")
    try await registry.endAll(permit)
    let ended = await #expect(throws: ServiceError.self) { try await registry.erase() }
    #expect(ended?.metadata["rules"] == "TERM_NOT_OVER")
    let last = CivilDate(of: registry.clock.now()).adding(years: 5)
    #expect(ended?.metadata["kept_to_on"] == last.iso)
    registry.clock.set(last.endOfDay.adding(milliseconds: -1))
    #expect(try await refusal { _ = try await registry.erase() } == ["ERASURE_NOT_YET"])
    registry.clock.set(last.endOfDay)
    #expect(try await registry.erase().entries.count == 2)
  }

  @Test func `who may not, or says what is none, is refused, and the key stays free`() async throws
  {
    try await Self.withEnded(.sqlite) { registry, _ in
      let office = CallOptions.dataProtection("330106000000")
      let number = CitizenIDs.woman(1)
      let now = registry.clock.now()
      let cases: [([String], () async throws -> Void)] = [
        (["FACE_CHECK_NEEDED"], { _ = try await registry.erase(.holder(1, faceAt: nil)) }),
        (["PERSON_NOT_FOUND"], { _ = try await registry.erase(.holder(9, faceAt: now)) }),
        (["VALUE_UNKNOWN"], { _ = try await registry.erase(ground: .termOver) }),
        (["VALUE_UNKNOWN"], { _ = try await registry.erase(ground: .relativesRequest) }),
        (["FIELD_MISSING"], { _ = try await registry.erase(ground: .unspecified) }),
        (["CALLER_NOT_ALLOWED"], { _ = try await registry.erase(.officer, citizenID: number) }),
        (["FIELD_MISSING"], { _ = try await registry.erase(office, citizenID: number) }),
        (
          ["OFFICER_WRONG_OFFICE"],
          {
            _ = try await registry.erase(
              .dataProtection("330102000000"), citizenID: number, reference: "个保-1")
          }
        ),
      ]
      for (expected, call) in cases { #expect(try await refusal(call) == expected) }
      let answer = try await registry.erase(
        office, ground: .relativesRequest, citizenID: number, reference: "个保-1")
      let history = try await registry.store.read { snapshot in
        try registry.log.history.entries(snapshot, of: answer.entries[1].entityID)
      }
      #expect(history.map(\.actor) == ["officer:dpo-330106000000"])
      #expect(history.map(\.detail) == ["relatives_request; request 个保-1"])
    }
  }

  @Test(arguments: FailingStore.Moment.allCases)
  func `cut off at any moment it is done or not begun, and the repeat ends it`(
    _ moment: FailingStore.Moment
  ) async throws {
    // How many closures a process runs until it has erased somebody.
    var number = 0
    var isDone = false
    while !isDone {
      try await Self.withEnded(.sqlite) { registry, _ in
        let dying = FailingStore(registry.store, at: number, moment)
        do {
          _ = try await RegistryFixture(again: registry, over: dying).erase()
        } catch {
          // As a process that was killed.
          #expect(dying.isDead)
        }
        isDone = !dying.isDead
        #expect(try await registry.erase().entries.count == 2)
        #expect(try await LogReading(registry.store, registry.log).unentered == 0)
        #expect(try await registry.assembly.sequenceOnce() == 2)
        let head = try await registry.registryStore.treeHead(ofSize: 0).signed
        #expect(try await registry.audit(against: [head]).findings == [])
      }
      number += 1
    }
    #expect(number > 2)
  }
}
