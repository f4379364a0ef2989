import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct ClaimCaseTests {
  static let one = Desk.officer(.accept, "one")
  static let two = Desk.officer(.accept, "two")

  @Test func `a claimed case is one officer's until his time is over`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let claim = try await desk.claim(id, by: Self.one)
    #expect(claim.claimNumber == 1 && claim.version == 1)
    #expect(claim.heldUntilMs == desk.clock.now().milliseconds + 30 * Desk.minuteMs)
    let held = await refusal { try await desk.claim(id, by: Self.two) }
    #expect(held.reason == "CASE_HELD_BY_ANOTHER" && held.code == .failedPrecondition)
    #expect(held.metadata["held_by"] == "one")
    #expect(held.metadata["held_until_ms"] == "\(claim.heldUntilMs)")
    let signed = await refusal { try await desk.sign(id, .accept, by: Self.two) }
    #expect(signed.reason == "CASE_HELD_BY_ANOTHER")

    desk.clock.advance(milliseconds: 30 * Desk.minuteMs - 1)
    #expect(await refusal { try await desk.claim(id, by: Self.two) }.reason == held.reason)
    desk.clock.advance(milliseconds: 1)
    #expect(try await desk.claim(id, by: Self.two).claimNumber == 2)
  }

  @Test func `whoever claims again holds it for another term under the same number`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.claim(id, by: Self.one)
    desk.clock.advance(milliseconds: 20 * Desk.minuteMs)
    let again = try await desk.claim(id, by: Self.one)
    #expect(again.claimNumber == 1)
    #expect(again.heldUntilMs == desk.clock.now().milliseconds + 30 * Desk.minuteMs)
    #expect(try await desk.deskEvents(id).map(\.action) == ["claimed", "claimed_again"])
  }

  @Test func `under a claim that ran out, was given back or taken over nothing is signed`()
    async throws
  {
    let desk = try await Desk()
    let options = CallOptions.by(Self.one)
    func opinion(_ id: String, _ claim: Int64) -> ApprovalV1.RecordOpinionRequest {
      ApprovalV1.RecordOpinionRequest(
        idempotencyKey: desk.key(), caseID: id, expectedVersion: 1, stage: .accept,
        decision: .pass, claimNumber: claim)
    }
    let kept = try await desk.open("application-1")
    let lost = try await desk.open("application-2")
    for id in [kept, lost] { try await desk.claim(id, by: Self.one) }
    desk.clock.advance(milliseconds: 31 * Desk.minuteMs)
    try await desk.claim(lost, by: Self.two)
    let error = await refusal {
      try await desk.client.recordOpinion(opinion(lost, 1), options: options)
    }
    #expect(error.reason == "CLAIM_LOST")
    #expect(error.metadata["objections"] == "CLAIM_LOST,CASE_HELD_BY_ANOTHER")
    #expect(error.metadata["held_by"] == "two")
    // Also once the other one has given it back.
    try await desk.release(lost, 2, by: Self.two)
    let late = await refusal {
      try await desk.client.recordOpinion(opinion(lost, 1), options: options)
    }
    #expect(late.reason == "CLAIM_LOST")
    // One that only ran out is claimed again; one that was given back too.
    for next in [Int64(1), 2] {
      let over = await refusal {
        try await desk.client.recordOpinion(opinion(kept, 1), options: options)
      }
      #expect(over.reason == "CLAIM_LOST" && over.metadata["objections"] == "CLAIM_LOST")
      #expect(try await desk.claim(kept, by: Self.one).claimNumber == next)
      if next == 1 { try await desk.release(kept, 1, by: Self.one) }
    }
    let signed = try await desk.client.recordOpinion(opinion(kept, 2), options: options)
    #expect(signed.case?.state == .awaitingReview)
  }

  @Test func `an opinion ends the claim, and the next stage is free`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.claim(id, by: Self.one)
    try await desk.sign(id, .accept, by: Self.one)
    let file = try await desk.read(id)
    #expect(file.desk?.heldBy == "" && file.desk?.claimNumber == 1)
    #expect(try await desk.claim(id, by: Desk.officer(.review, "two")).claimNumber == 2)
  }

  @Test func `the wrong office, role, version, state and person are told all at once`()
    async throws
  {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.sign(id, .accept, by: Self.one)
    for stranger in [
      Officer(id: "p", office: Police.elsewhere, role: "review"),
      Officer(id: "p", office: Police.station, role: "accept"),
      Officer(id: "p", office: Police.bureau, role: "approve"),
    ] {
      let error = await refusal { try await desk.claim(id, by: stranger) }
      #expect(error == ServiceError(.officerWrongOffice))
    }
    let all = await refusal {
      try await desk.claim(id, by: Desk.officer(.review, "one"), version: 1)
    }
    #expect(all.code == .aborted)
    #expect(all.metadata["objections"] == "VERSION_STALE,OFFICER_ALREADY_IN_CASE")
    #expect(all.metadata["current_version"] == "2")
    try await desk.sign(id, .review, .supplement, ["PHOTO_UNFIT"])
    let waiting = await refusal { try await desk.claim(id, by: Desk.officer(.review, "two")) }
    #expect(waiting.reason == "CASE_WRONG_STATE" || waiting.reason == "OFFICER_WRONG_OFFICE")
  }

  @Test func `one officer holds no more than his desk bears`() async throws {
    let desk = try await Desk()
    for number in 0..<ClaimDraft.heldMax {
      try await desk.claim(try await desk.open("application-\(number)"), by: Self.one)
    }
    let more = try await desk.open("application-more")
    let error = await refusal { try await desk.claim(more, by: Self.one) }
    #expect(error.reason == "CLAIMS_TOO_MANY")
    desk.clock.advance(milliseconds: 30 * Desk.minuteMs)
    #expect(try await desk.claim(more, by: Self.one).claimNumber == 1)
  }

  @Test func `the end of a claim is written down once, and changes nothing else`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.claim(id, by: Self.one)
    #expect(try await desk.assembly.tidyDesksOnce() == 0)
    let before = try await desk.read(id)
    desk.clock.advance(milliseconds: 30 * Desk.minuteMs)
    #expect(try await desk.read(id).desk?.heldBy == "")
    #expect(try await desk.assembly.tidyDesksOnce() == 1)
    #expect(try await desk.assembly.tidyDesksOnce() == 0)
    #expect(try await desk.deskEvents(id).map(\.action) == ["claimed", "claim_expired"])
    let after = try await desk.read(id)
    #expect(after.version == before.version && after.desk?.claimNumber == 1)
  }

  @Test func `two who claim at once: one gets it`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let got = await withTaskGroup(of: String?.self) { group in
      for number in 0..<8 {
        group.addTask {
          let officer = Desk.officer(.accept, "p\(number)")
          return try? await desk.claim(id, by: officer, version: 1).claimNumber == 1
            ? officer.id : nil
        }
      }
      return await group.reduce(into: [String]()) { if let one = $1 { $0.append(one) } }
    }
    #expect(got.count == 1)
    #expect(try await desk.read(id).desk?.heldBy == got.first)
  }

  @Test func `a repeated claim gets its first answer`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let request = ApprovalV1.ClaimCaseRequest(
      idempotencyKey: "a-claim-of-this-key", caseID: id, expectedVersion: 1)
    let first = try await desk.client.claimCase(request, options: .by(Self.one))
    desk.clock.advance(milliseconds: 60_000)
    #expect(try await desk.client.claimCase(request, options: .by(Self.one)) == first)
  }

  @Test func `each refused command leaves its trace, with codes and state`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.claim(id, by: Self.one)
    _ = await refusal { try await desk.claim(id, by: Self.two) }
    _ = await refusal { try await desk.claim(id, by: Self.two, version: 9) }
    _ = await refusal {
      let stranger = Officer(id: "p", office: Police.elsewhere, role: "accept")
      return try await desk.sign(id, .accept, by: stranger)
    }
    _ = await refusal {
      try await desk.sign(id, .accept, .refuse, ["NO_SUCH_REASON"], by: Self.one)
    }
    _ = await refusal { try await desk.release(id, 7, by: Self.one) }
    let events = try await desk.deskEvents(id)
    #expect(
      events.map(\.action) == [
        "claimed", "refused_claim", "refused_claim", "refused_opinion", "refused_opinion",
        "refused_release",
      ])
    #expect(events[1].actor == "officer:two" && events[1].officeCode == Police.station)
    #expect(
      events.dropFirst().map(\.detail) == [
        "CASE_HELD_BY_ANOTHER,state=awaiting_acceptance/1",
        "VERSION_STALE,CASE_HELD_BY_ANOTHER,state=awaiting_acceptance/1",
        "OFFICER_WRONG_OFFICE",
        "REQUEST_INVALID,reasons[0].code:REASON_UNKNOWN,state=awaiting_acceptance/1",
        "CLAIM_LOST,state=awaiting_acceptance/1",
      ])
    #expect(events.map(\.sequence) == [1, 2, 3, 4, 5, 6])
    // None of it is a step of the case.
    let history = try await desk.client.getCaseHistory(.init(caseID: id), options: .auditor)
    #expect(history.events.map(\.action) == ["opened"])
  }

  @Test func `whoever tries for ever fills no history`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    // What is no refusal takes no room from them.
    try await desk.claim(id, by: Self.one)
    for _ in 0..<ApprovalStore.tracesMax + 5 {
      _ = await refusal { try await desk.claim(id, by: Self.one, version: 9) }
    }
    #expect(try await desk.deskEvents(id).count == 1 + ApprovalStore.tracesMax)
    try await desk.claim(id, by: Self.one)
    #expect(try await desk.deskEvents(id).last?.action == "claimed_again")
  }
}
