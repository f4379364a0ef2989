import DomainModel
import RPC
import Storage
import StorageSQLite
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct RecordOpinionTests {
  @Test func `three officers lead to a permit and intake hears of it last`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let accepted = try await desk.sign(id, .accept)
    #expect(accepted.clocks?.promiseDue?.dueOn == "2026-03-12")
    #expect(accepted.clocks?.statuteDue?.dueOn == "2026-03-25")
    try await desk.sign(id, .review)
    let approved = try await desk.sign(id, .approve)
    #expect(approved.state == .approved)
    #expect(approved.outcome == nil)
    try await desk.deliver()

    let done = try await desk.read(id)
    #expect(done.state == .completed)
    #expect(done.outcome?.certificateIdentifier == FakeRegistry.identifier)
    #expect(done.outcome?.validToOn == "2027-03-10")
    #expect(done.opinions.map(\.officerID) == ["police-accept", "police-review", "police-approve"])
    let told = desk.intake.told
    #expect(told.map(\.sequence) == [1, 2])
    guard case .accepted(let acceptance) = told[0].step, case .completed(let end) = told[1].step
    else {
      Issue.record("\(told)")
      return
    }
    #expect(acceptance.promiseDue?.dueOn == "2026-03-12")
    #expect(end.certificateIdentifier == FakeRegistry.identifier)
  }

  @Test func `intake and the file hear of a deemed acceptance as of receipt`() async throws {
    let desk = try await Desk()
    let receivedAt = desk.clock.now().milliseconds
    let id = try await desk.open()
    desk.clock.advance(milliseconds: 15 * 86_400_000)
    let signedAt = desk.clock.now().milliseconds
    let accepted = try await desk.sign(id, .accept)
    #expect(accepted.clocks?.acceptedAtMs == receivedAt)
    #expect(accepted.clocks?.promiseDue?.dueOn == "2026-03-12")
    #expect(accepted.opinions.map(\.signedAtMs) == [signedAt])
    #expect(try await desk.read(id).clocks?.acceptedAtMs == receivedAt)
    try await desk.deliver()
    let told = try #require(desk.intake.told.first)
    guard case .accepted(let acceptance) = told.step else {
      Issue.record("\(told)")
      return
    }
    #expect(acceptance.acceptedAtMs == receivedAt)
    #expect(acceptance.promiseDue?.dueOn == "2026-03-12")
    #expect(told.occurredAtMs == signedAt)
  }

  @Test func `the order to issue carries the day of the approval`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    for stage in [Stage.accept, .review, .approve] { try await desk.sign(id, stage) }
    // The registry hears of it only the day after.
    desk.clock.advance(milliseconds: 86_400_000)
    try await desk.deliver()
    let order = try #require(try desk.registry.orders.first)
    #expect(order.issuedOn == "2026-03-10")
    #expect(order.holder == Desk.form.applicant)
    #expect(order.residence == Desk.form.residence)
    #expect(order.phone == "13800138000")
    #expect(order.photoSha256 == Desk.photo.sha256)
    #expect(order.bureauCode == Police.bureau)
    #expect(order.actor == "officer:police-approve")
    #expect(order.actorOffice == Police.bureau)
    #expect((16...64).contains(order.idempotencyKey.count))
  }

  @Test func `one person never signs two stages`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let same = Police.right(for: .accept, id: "police1")
    try await desk.sign(id, .accept, by: same)
    let error = await refusal {
      try await desk.sign(id, .review, by: Police.right(for: .review, id: "police1"))
    }
    #expect(error.code == .failedPrecondition)
    #expect(error.reason == "OFFICER_ALREADY_IN_CASE")
    #expect(error.metadata["officer_role"] == "accept")
    #expect(try await desk.read(id).state == .awaitingReview)
  }

  @Test func `the database knows one role a person and one opinion a round and stage`()
    async throws
  {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.sign(id, .accept)
    let store = desk.store
    await #expect(throws: StorageError.uniqueViolation(constraint: "case_officer_pkey")) {
      try await store.write { transaction in
        try transaction.execute(
          """
          INSERT INTO case_officer (case_id, officer_id, role)
          VALUES (\(id), 'police-accept', 'review')
          """)
      }
    }
    await #expect(throws: StorageError.uniqueViolation(constraint: "opinion_once")) {
      try await store.write { transaction in
        try transaction.execute(
          """
          INSERT INTO opinion (case_id, round, stage, officer_id, office_code, decision, signed_at,
            body)
          VALUES (\(id), 1, 'accept', 'police9', '', 'pass', 0, \([UInt8(0)]))
          """)
      }
    }
    // Past the state machine, the store itself still refuses the second role.
    let opinion = Opinion(
      stage: .review, round: 1, officerID: "police-accept", officeCode: Police.station,
      decision: .pass, reasons: [], text: "", signedAt: desk.clock.now())
    let sealer = ApprovalStore(store, sealer: PlainSealer()) { _ in [] }
    let error = await refusal {
      try await store.write { try sealer.insert($0, opinion, of: ID(id)) }
    }
    #expect(error.reason == "OFFICER_ALREADY_IN_CASE")
  }

  @Test func `a stale version is aborted with the present one`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    var request = ApprovalV1.RecordOpinionRequest(
      idempotencyKey: desk.key(), caseID: id, expectedVersion: 1, stage: .accept, decision: .pass)
    let options = CallOptions.by(Police.right(for: .accept))
    _ = try await desk.client.recordOpinion(request, options: options)
    request.idempotencyKey = desk.key()
    let error = await refusal {
      try await desk.client.recordOpinion(request, options: options)
    }
    #expect(error.code == .aborted)
    #expect(error.metadata["current_version"] == "2")
    #expect(error.metadata["current_state"] == "awaiting_review")
  }

  @Test func `a repeated opinion is answered as before, and a refused one leaves its key`()
    async throws
  {
    let desk = try await Desk()
    let id = try await desk.open()
    var request = ApprovalV1.RecordOpinionRequest(
      idempotencyKey: "an-opinion-of-this-key", caseID: id, expectedVersion: 9, stage: .accept,
      decision: .pass)
    let options = CallOptions.by(Police.right(for: .accept))
    let stale = await refusal { try await desk.client.recordOpinion(request, options: options) }
    #expect(stale.reason == "VERSION_STALE")
    request.expectedVersion = 1
    let first = try await desk.client.recordOpinion(request, options: options)
    try await desk.sign(id, .review)
    #expect(try await desk.client.recordOpinion(request, options: options) == first)
    #expect(first.case?.state == .awaitingReview)
    #expect(first.case?.opinions.count == 1)
    #expect(try await desk.read(id).opinions.count == 2)
    request.text = "another"
    let reused = await refusal { try await desk.client.recordOpinion(request, options: options) }
    #expect(reused.reason == "IDEMPOTENCY_KEY_REUSED")
  }

  @Test func `the answer has no papers, so that none is kept for a repeat`() async throws {
    let desk = try await Desk()
    let id = try await desk.open(failedRules: ["NOT_REGISTERED_HERE"])
    let answer = try await desk.sign(id, .accept)
    let read = try await desk.read(id)
    #expect(answer.form == nil && answer.materials.isEmpty && answer.findings.isEmpty)
    var bare = read
    (bare.form, bare.materials, bare.findings) = (nil, [], [])
    #expect(answer == bare)
    #expect(read.form == Desk.form)
  }

  @Test(arguments: [
    Officer(id: "p", office: Police.elsewhere, role: "accept"),
    Officer(id: "p", office: Police.station, role: "review"),
    Officer(id: "p", office: Police.bureau, role: "accept"),
  ])
  func `the wrong office or role signs nothing`(_ officer: Officer) async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let error = await refusal { try await desk.sign(id, .accept, by: officer) }
    #expect(error == ServiceError(.officerWrongOffice))
  }

  @Test func `a case that is not there is not found`() async throws {
    let desk = try await Desk()
    let request = ApprovalV1.RecordOpinionRequest(
      idempotencyKey: desk.key(), caseID: "nowhere", expectedVersion: 1, stage: .accept,
      decision: .pass)
    let error = await refusal {
      try await desk.client.recordOpinion(request, options: .by(Police.right(for: .accept)))
    }
    #expect(error.reason == "CASE_NOT_FOUND")
  }

  @Test func `a refusal reaches intake with all reasons and where to appeal`() async throws {
    let rules = ["NOT_REGISTERED_HERE", "HALF_YEAR_NOT_REACHED"]
    let desk = try await Desk()
    let id = try await desk.open(failedRules: rules)
    try await desk.sign(id, .accept)
    try await desk.sign(id, .review, .refuse, rules)
    let incomplete = await refusal { try await desk.sign(id, .approve, .refuse, [rules[0]]) }
    #expect(incomplete.code == .invalidArgument)
    #expect(incomplete.violations.map(\.reason) == ["REASON_OMITTED"])
    #expect(try await desk.sign(id, .approve, .refuse, rules).state == .refused)
    try await desk.deliver()
    guard case .refused(let told) = desk.intake.told.last?.step else {
      Issue.record("\(desk.intake.told)")
      return
    }
    #expect(told.reasons.map(\.code) == rules)
    #expect(told.reconsiderationAuthority == "西湖区人民政府")
    #expect(told.court == "西湖区人民法院")
    #expect(try desk.registry.orders.isEmpty)
  }

  @Test func `what is not accepted ends there`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let file = try await desk.sign(id, .accept, .refuse, ["OFFICE_NOT_COMPETENT"])
    #expect(file.state == .notAccepted)
    try await desk.deliver()
    guard case .notAccepted(let told) = desk.intake.told.first?.step else {
      Issue.record("\(desk.intake.told)")
      return
    }
    #expect(told.reasons.map(\.code) == ["OFFICE_NOT_COMPETENT"])
    #expect(!told.reconsiderationAuthority.isEmpty)
  }
}

/// Seals nothing; for tests that look at tables.
struct PlainSealer: Sealer {
  func seal(_ plain: [UInt8], as place: SealedPlace) throws -> [UInt8] { plain }
  func open(_ sealed: [UInt8], as place: SealedPlace) throws -> [UInt8] { sealed }
}
