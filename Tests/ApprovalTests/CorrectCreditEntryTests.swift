import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct CorrectCreditEntryTests {
  @Test(arguments: TestEngine.all)
  func `a dispute's outcome stands in the record, here and at the platforms, once`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      let id = try await desk.recorded()
      clock.set(nineOClock("2026-04-01"))
      let version = try await desk.inspection(id).version
      let key = desk.key()
      let corrected = try await desk.correct(id, version: version, key: key)
      #expect(try await desk.correct(id, version: version, key: key) == corrected)
      let credit = try #require(corrected.credit)
      #expect(credit.state == .corrected && credit.version == 2 && credit.penalty == .warning)
      #expect(credit.decisionNumber == Desk.milder.decisionNumber && credit.fineYuan == 0)
      #expect(credit.disputed?.officerID == "p-settles")
      #expect(credit.disputeReason == "复核认定情节轻微。")
      // It is kept no longer by it; and the inspection says what was decided then.
      #expect(credit.keptUntilOn == "2031-03-10" && corrected.conclusion == Desk.fraud)
      try await desk.deliver()
      for entry in desk.kept(id) {
        #expect(entry?.version == 2 && entry?.state == .corrected)
        #expect(entry?.finding?.decisionNumber == Desk.milder.decisionNumber)
        #expect(entry?.finding?.fineYuan == 0 && entry?.finding?.keptUntilOn == "2031-03-10")
        #expect(entry?.finding?.decidedOn == "2026-03-10")
      }
      #expect(desk.platforms.map(\.changesCount) == [2, 2])
      let line = try #require(try await desk.deskEvents(corrected.caseID).last)
      #expect(line.action == "credit_corrected" && line.actor == "officer:p-settles")
      #expect(line.detail.contains("复核认定情节轻微。"))
      // It can be disputed again.
      #expect(try await desk.correct(id, reason: "再次异议。").credit?.version == 3)
    }
  }

  @Test func `who has found it does not judge of it, nor a stranger, nor a party`() async throws {
    let desk = try await Desk()
    let caseID = try await desk.open()
    let kin = Police.right(for: .approve, id: "p-kin")
    try await desk.recuse(caseID, by: kin)
    for stage in [Stage.accept, .review, .approve] { try await desk.sign(caseID, stage) }
    try await desk.deliver()
    let id = try await desk.found(caseID)
    try await desk.deliver()
    let own = await refusal { try await desk.correct(id, by: Desk.decider) }
    #expect(own.reason == "OFFICER_ALREADY_IN_CASE" && own.metadata["officer_role"] == "decide")
    let promoted = await refusal {
      try await desk.correct(id, by: Police.right(for: .approve, id: "p-opens"))
    }
    #expect(promoted.metadata["officer_role"] == "open")
    let wrongRole = await refusal {
      try await desk.correct(id, by: Police.right(for: .review, id: "p-settles"))
    }
    #expect(wrongRole.reason == "OFFICER_WRONG_OFFICE")
    let recused = await refusal { try await desk.correct(id, by: kin) }
    #expect(recused.reason == "OFFICER_MUST_RECUSE")
    let traces = try await desk.deskEvents(caseID).map(\.action)
    #expect(traces.filter { $0 == "refused_credit_correction" }.count == 4)
    #expect(try await desk.inspection(id).credit?.version == 1)
  }

  @Test func `a stale version, no record, a record that is gone`() async throws {
    let desk = try await Desk()
    let id = try await desk.found(try await desk.issued())
    let none = await refusal { try await desk.correct(id) }
    #expect(none.reason == "CREDIT_ENTRY_WRONG_STATE" && none.metadata["credit_state"] == "none")
    #expect(none.code == .failedPrecondition)
    try await desk.deliver()
    let stale = await refusal { try await desk.correct(id, version: 1) }
    #expect(stale.reason == "VERSION_STALE" && stale.code == .aborted)
    try await desk.withdraw(id)
    let gone = await refusal { try await desk.correct(id) }
    #expect(gone.metadata["credit_state"] == "withdrawn")
    let unknown = ApprovalV1.CorrectCreditEntryRequest(
      idempotencyKey: desk.key(), inspectionID: "inspection-9", reason: "理由")
    let missing = await refusal {
      try await desk.client.correctCreditEntry(unknown, options: .by(Desk.settler))
    }
    #expect(missing.reason == "INSPECTION_NOT_FOUND")
  }

  @Test func `every defect is told at once`() async throws {
    let desk = try await Desk()
    let id = try await desk.recorded()
    let empty = await refusal {
      try await desk.correct(
        id, PenaltyDraft(decisionNumber: "", kind: nil, fineYuan: 0), reason: "")
    }
    #expect(
      empty.violations.map { "\($0.field) \($0.reason)" } == [
        "reason FIELD_MISSING", "decision_number FIELD_MISSING", "penalty VALUE_UNKNOWN",
      ])
    let dear = await refusal {
      try await desk.correct(
        id, PenaltyDraft(decisionNumber: "1号", kind: .fine, fineYuan: 201),
        reason: String(repeating: "长", count: 501))
    }
    #expect(
      dear.violations.map { "\($0.field) \($0.reason)" }
        == ["reason TEXT_TOO_LONG", "fine_yuan NUMBER_OUT_OF_RANGE"])
  }
}
