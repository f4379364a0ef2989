import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// A court's order holds a case: nothing is decided on it until a second order lifts the first.
struct PlaceCaseHoldTests {
  @Test(arguments: TestEngine.all)
  func `nothing is decided while it holds, the clocks run, and then it goes on`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      let id = try await desk.open()
      try await desk.sign(id, .accept)
      let hold = try #require(try await desk.placeHold(id).holds.first)
      #expect(hold.documentNumber == Desk.orderNumber && hold.court == Desk.court)
      #expect(hold.officerID == "head-2" && hold.officeCode == Police.bureau)
      #expect(hold.placedAtMs == clock.now().milliseconds && hold.releasedAtMs == 0)
      let review = Police.right(for: .review)
      let tries: [() async throws -> Void] = [
        { try await desk.sign(id, .review) },
        { _ = try await desk.claim(id, by: review) },
        { _ = try await desk.expedite(id) },
        { _ = try await desk.pause(id, .hearing, days: 5) },
      ]
      for one in tries {
        let error = await refusal { try await one() }
        #expect(error.reason == "CASE_ON_HOLD")
        #expect(error.metadata["current_state"] == "awaiting_review")
      }
      // A court's order is in no list of pauses: the promise passes, and the superior is told.
      clock.set(nineOClock("2026-03-16"))
      #expect(try await desk.assembly.fireTimers() == 1)
      #expect(try await desk.read(id).alarms.map(\.term) == [.promise])
      #expect(try await desk.read(id).clocks?.pausedAtMs == 0)
      try await desk.releaseHold(id)
      try await desk.sign(id, .review)
      try await desk.sign(id, .approve)
      try await desk.deliver()
      let file = try await desk.read(id)
      #expect(file.state == .completed)
      #expect(file.holds.map(\.releaseDocumentNumber) == [Desk.secondNumber])
      #expect(
        try await desk.history(id).map(\.action) == [
          "opened", "accepted", "held", "escalated", "hold_released", "reviewed", "approved",
          "issued",
        ])
      let traces = try await desk.deskEvents(id).map(\.action)
      #expect(traces.contains("refused_opinion"))
    }
  }

  @Test func `what the law did before the order is done, though no timer has run`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    desk.clock.set(nineOClock("2026-03-18"))
    try await desk.placeHold(id)
    let held = try await desk.read(id)
    #expect(held.state == .awaitingReview)
    #expect(held.clocks?.acceptedAtMs == nineOClock("2026-03-10").milliseconds)
  }

  @Test func `a release that is refused is traced as one`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.placeHold(id)
    _ = await refusal { try await desk.releaseHold(id, "another order") }
    let traces = try await desk.deskEvents(id).map(\.action)
    #expect(traces.contains("refused_hold_release"))
  }

  @Test func `what the law would do meanwhile waits for the second order, and then counts`()
    async throws
  {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.placeHold(id)
    // The guard ends on 2026-03-17.
    desk.clock.set(nineOClock("2026-03-20"))
    _ = try await desk.assembly.fireTimers()
    let held = try await desk.read(id)
    #expect(held.state == .awaitingAcceptance)
    #expect(held.alarms.map(\.term) == [.warning, .guard])
    try await desk.releaseHold(id)
    _ = try await desk.assembly.fireTimers()
    let file = try await desk.read(id)
    #expect(file.state == .awaitingReview)
    #expect(file.clocks?.acceptedAtMs == nineOClock("2026-03-10").milliseconds)
  }

  @Test func `a once-only notice neither lapses meanwhile nor stays open for ever`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.sign(id, .accept, .supplement, ["PHOTO_UNFIT"])
    try await desk.placeHold(id)
    desk.clock.set(nineOClock("2026-05-20"))
    _ = try await desk.assembly.fireTimers()
    #expect(try await desk.read(id).alarms.map(\.term) == [.supplement])
    let early = await refusal {
      try await desk.sign(id, .accept, .refuse, ["SUPPLEMENT_LAPSED"])
    }
    #expect(early.reason == "CASE_ON_HOLD")
    try await desk.releaseHold(id)
    _ = try await desk.assembly.fireTimers()
    try await desk.resume()
    #expect(try await desk.read(id).state == .awaitingAcceptance)
  }

  @Test func `it stays no withdrawal through, but what life does it does not stay`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.placeHold(id)
    let request = ApprovalV1.WithdrawCaseRequest(
      idempotencyKey: desk.key(), applicationID: "application-1",
      withdrawnAtMs: desk.clock.now().milliseconds)
    let error = await refusal { try await desk.client.withdrawCase(request, options: .intake) }
    #expect(error.reason == "CASE_ON_HOLD")
    desk.clock.set(nineOClock("2026-03-12"))
    #expect(try await CloseCaseTests.close(desk) == .closed)
  }

  @Test func `the same order twice changes nothing, another one holds it too`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let first = try await desk.placeHold(id)
    #expect(try await desk.placeHold(id, version: 1) == first)
    try await desk.placeHold(id, "(2026)浙01行审2号")
    try await desk.releaseHold(id)
    let error = await refusal { try await desk.sign(id, .accept) }
    #expect(error.reason == "CASE_ON_HOLD")
    try await desk.releaseHold(id, "(2026)浙01行审2号")
    try await desk.sign(id, .accept)
    let used = await refusal { try await desk.placeHold(id) }
    #expect(used.violations.map(\.reason) == ["DOCUMENT_NUMBER_USED"])
  }

  @Test func `who is no head of its offices, or read an older version, holds nothing`() async throws
  {
    let desk = try await Desk()
    let id = try await desk.open()
    let strangers = [
      Police.right(for: .accept), Police.right(for: .approve),
      Officer(id: "head-9", office: Police.elsewhere, role: "head"),
    ]
    for officer in strangers {
      let error = await refusal { try await desk.placeHold(id, by: officer) }
      #expect(error.reason == "OFFICER_WRONG_OFFICE", "\(officer)")
    }
    let stale = await refusal { try await desk.placeHold(id, version: 0) }
    #expect(stale.reason == "VERSION_STALE")
    let empty = await refusal { try await desk.placeHold(id, "", court: "") }
    #expect(
      empty.violations.map { "\($0.field) \($0.reason)" } == [
        "document_number FIELD_MISSING", "court FIELD_MISSING",
      ])
    try await desk.placeHold(id, by: Desk.stationHead)
  }

  @Test(arguments: CaseState.allCases)
  func `only what is not decided can be held`(_ state: CaseState) throws {
    let file = try CaseAt.state(state)
    let machine = try PolicyData.machine(of: file.origin)
    let draft = HoldDraft(
      head: Officer(id: "head-2", office: file.origin.bureauCode, role: "head"),
      expectedVersion: file.version, documentNumber: Desk.orderNumber,
      deed: .place(court: Desk.court))
    let decided = machine.decide(file, .hold(draft), now: nineOClock("2026-03-11"))
    guard file.isHoldable else {
      #expect(throws: CaseRefusal.self) { try decided.get() }
      return
    }
    let held = try decided.get().reduce(file) { machine.applying($1, to: $0) }
    #expect(held.state == state && held.isOnHold && held.version == file.version + 1)
    for stage in Stage.allCases {
      for decision in Decision.allCases {
        var draft = OpinionDraft(
          officer: Police.right(for: stage, of: file.origin), expectedVersion: held.version,
          stage: stage, decision: decision, reasons: [], text: "")
        draft.isParty = false
        let answer = machine.decide(held, .sign(draft), now: nineOClock("2026-03-11"))
        guard case .failure(let refusal) = answer else {
          Issue.record("\(stage) \(decision) was signed in \(state)")
          continue
        }
        #expect(refusal.objections.contains { [.onHold, .wrongOffice].contains($0) })
      }
    }
    // What the registry does to a decision is so, whatever a court orders of the case.
    #expect(machine.workflow.state(after: .held(held.holds[0]), from: state) == state)
  }
}

extension Desk {
  static let orderNumber = "(2026)浙0106行审1号"
  static let secondNumber = "(2026)浙0106行审9号"
  static let court = "杭州市西湖区人民法院"

  /// Holds a case by a court's order, in the name of the bureau's head unless told.
  @discardableResult
  func placeHold(
    _ id: String, _ number: String = Desk.orderNumber, court: String = Desk.court,
    by head: Officer = Desk.bureauHead, version: Int64? = nil
  ) async throws -> ApprovalV1.PlaceCaseHoldResponse {
    let present = try await self.read(id).version
    let request = ApprovalV1.PlaceCaseHoldRequest(
      idempotencyKey: self.key(), caseID: id, expectedVersion: version ?? present,
      documentNumber: number, court: court)
    return try await self.client.placeCaseHold(request, options: .by(head))
  }

  /// Lifts a court's hold by a second order.
  @discardableResult
  func releaseHold(
    _ id: String, _ number: String = Desk.orderNumber, by second: String = Desk.secondNumber,
    head: Officer = Desk.bureauHead, version: Int64? = nil
  ) async throws -> ApprovalV1.ReleaseCaseHoldResponse {
    let present = try await self.read(id).version
    let request = ApprovalV1.ReleaseCaseHoldRequest(
      idempotencyKey: self.key(), caseID: id, expectedVersion: version ?? present,
      documentNumber: number, releaseDocumentNumber: second)
    return try await self.client.releaseCaseHold(request, options: .by(head))
  }
}
