import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct RecuseOfficerTests {
  private static let one = Desk.officer(.accept, "one")

  @Test func `whoever keeps out neither claims nor signs, whatever the role`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.claim(id, by: Self.one)
    try await desk.recuse(id, by: Self.one)
    try await desk.recuse(id, by: Self.one)
    #expect(try await desk.read(id).desk?.heldBy == "")
    for attempt in ["claim", "sign"] {
      let error = await refusal {
        if attempt == "claim" {
          try await desk.claim(id, by: Self.one)
        } else {
          try await desk.sign(id, .accept, by: Self.one)
        }
      }
      #expect(error.reason == "OFFICER_MUST_RECUSE")
    }
    try await desk.sign(id, .accept)
    let review = await refusal {
      try await desk.sign(id, .review, by: Desk.officer(.review, "one"))
    }
    #expect(review.reason == "OFFICER_MUST_RECUSE")
    #expect(try await desk.deskEvents(id).map(\.action).prefix(2) == ["claimed", "recused"])
    // The database would not have it either.
    let store = desk.store
    await #expect(throws: StorageError.uniqueViolation(constraint: "case_officer_pkey")) {
      try await store.write { transaction in
        try transaction.execute(
          """
          INSERT INTO case_officer (case_id, officer_id, role) VALUES (\(id), 'one', 'review')
          """)
      }
    }
  }

  @Test func `whoever keeps out orders nothing either`() async throws {
    let desk = try await Desk(policies: ExtendDeadlineTests.policies())
    let id = try await desk.open()
    try await desk.sign(id, .accept)
    let reviewer = Desk.officer(.review, "kin")
    let approver = Police.right(for: .approve, id: "kin")
    try await desk.recuse(id, by: reviewer)
    let attempts: [() async throws -> Void] = [
      { _ = try await desk.pause(id, .hearing, days: 20, by: reviewer) },
      { _ = try await desk.extend(id, days: 1, by: approver) },
      { _ = try await desk.expedite(id, by: reviewer) },
    ]
    for attempt in attempts {
      #expect(await refusal { try await attempt() }.reason == "OFFICER_MUST_RECUSE")
    }
    try await desk.pause(id, .hearing, days: 20)
    let resuming = await refusal { try await desk.resumeClock(id, by: reviewer) }
    #expect(resuming.reason == "OFFICER_MUST_RECUSE")
    try await desk.resumeClock(id)
  }

  @Test func `a head keeps another officer out, nobody else does`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let error = await refusal { try await desk.recuse(id, "two", by: Self.one) }
    #expect(error.reason == "OFFICER_WRONG_OFFICE")
    try await desk.recuse(id, "two", by: Desk.stationHead, .interest)
    let claim = await refusal { try await desk.claim(id, by: Desk.officer(.accept, "two")) }
    #expect(claim.reason == "OFFICER_MUST_RECUSE")
    try await desk.claim(id, by: Self.one)
  }

  @Test func `who has signed cannot keep out any more, and a reason is named`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let none = await refusal { try await desk.recuse(id, by: Self.one, .unspecified) }
    #expect(none.violations.map(\.field) == ["reason"])
    try await desk.sign(id, .accept, by: Self.one)
    let error = await refusal { try await desk.recuse(id, by: Self.one) }
    #expect(error.reason == "OFFICER_ALREADY_IN_CASE")
  }

  @Test(arguments: ["applicant", "guardian", "proxy", "relative"])
  func `nobody decides what is about himself, by the number of his login`(
    _ party: String
  ) async throws {
    let desk = try await Desk()
    let own = "11010519491231002X"
    var request = desk.openRequest()
    request.form?.applicant?.citizenID = party == "applicant" ? own : "110105198801011234"
    if party == "guardian" { request.form?.guardian = .init(citizenID: own) }
    if party == "proxy" { request.form?.proxy = .init(citizenID: own) }
    if party == "relative" { request.form?.kinship = .init(relativeCitizenID: own) }
    let id = try await desk.client.openCase(request, options: .intake).caseID
    func officer(_ number: String?) -> CallOptions {
      .by(
        Caller(
          kind: .officer, id: "one", citizenID: number, office: Police.station, role: "accept"))
    }
    // As it may be written.
    let himself = officer(own.lowercased())
    let opinion = ApprovalV1.RecordOpinionRequest(
      idempotencyKey: desk.key(), caseID: id, expectedVersion: 1, stage: .accept, decision: .pass)
    let claim = ApprovalV1.ClaimCaseRequest(
      idempotencyKey: desk.key(), caseID: id, expectedVersion: 1)
    #expect(
      await refusal { try await desk.client.claimCase(claim, options: himself) }.reason
        == "OFFICER_MUST_RECUSE")
    #expect(
      await refusal { try await desk.client.recordOpinion(opinion, options: himself) }.reason
        == "OFFICER_MUST_RECUSE")
    let expedition = ApprovalV1.ExpediteCaseRequest(
      idempotencyKey: desk.key(), caseID: id, expectedVersion: 1, reason: "medical")
    #expect(
      await refusal { try await desk.client.expediteCase(expedition, options: himself) }.reason
        == "OFFICER_MUST_RECUSE")
    let other = officer("110105198505052312")
    #expect(try await desk.client.claimCase(claim, options: other).claimNumber == 1)
  }
}
