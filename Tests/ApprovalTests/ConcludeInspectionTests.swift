import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct ConcludeInspectionTests {
  @Test(arguments: TestEngine.all)
  func `two officers find fraud, and the registry cancels by the decision's number, once`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      let caseID = try await desk.issued()
      let id = try await desk.inspect(caseID).inspectionID
      try await desk.hear(id)
      let proposed = try await desk.conclude(id, by: Desk.proposer)
      #expect(proposed.state == .proposed && proposed.conclusion == Desk.fraud)
      #expect(proposed.proposed?.officerID == "p-concludes" && proposed.decided == nil)
      try await desk.deliver()
      #expect(try desk.cancellations.isEmpty)
      clock.set(nineOClock("2026-03-12"))
      let decided = try await desk.conclude(id, by: Desk.decider)
      #expect(decided.state == .fraudFound && decided.decided?.officerID == "p-decides")
      try await desk.deliver()
      let order = try #require(try desk.cancellations.first)
      #expect(try desk.cancellations.count == 1)
      #expect(order.certificateIdentifier == FakeRegistry.identifier && order.reason == .fraud)
      #expect(order.order?.reason == "骗领居住证：\(Desk.fraud.decisionNumber)")
      #expect(order.order?.actor == "officer:p-decides" && order.order?.caseID == caseID)
      #expect(order.order?.decidedOn == "2026-03-12")
      let cancelled = try await desk.inspection(id)
      #expect(cancelled.state == .cancelled && cancelled.cancelledAtMs > 0)
      #expect(
        try await desk.deskEvents(caseID).map(\.action) == [
          "inspection_opened", "inspection_statement", "inspection_proposed",
          "inspection_decided", "inspection_cancelled", "credit_recorded",
        ])
      // Nothing has become of the case, and its permit can be inspected no more here than once.
      #expect(try await desk.read(caseID).state == .completed)
      let late = await refusal { try await desk.conclude(id, by: Desk.decider) }
      #expect(late.reason == "INSPECTION_WRONG_STATE")
    }
  }

  @Test(arguments: TestEngine.all)
  func `each of the two officers' findings is kept, also where it is decided again`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      let caseID = try await desk.issued()
      let id = try await desk.inspect(caseID).inspectionID
      try await desk.hear(id)
      #expect(try await desk.conclude(id, by: Desk.proposer).decidedFindings == "")
      var second = Desk.fraud
      second.findings = "经向用人单位核实，合同公章系私刻。"
      let decided = try await desk.conclude(id, second, by: Desk.decider)
      #expect(decided.conclusion == Desk.fraud && decided.decidedFindings == second.findings)
      let line = try #require(try await desk.deskEvents(caseID).last)
      #expect(line.action == "inspection_decided" && line.detail.contains(second.findings))
      desk.registry.refuse(
        RegistryV1.CertificateRegistryServiceMethods.cancelPermit,
        with: ServiceError(.permitHeld))
      try await desk.deliver()
      #expect(try await desk.inspection(id).decidedFindings == second.findings)
      second.findings = "法院裁定解除后再次核实，结论不变。"
      try await desk.conclude(id, second, by: Desk.decider)
      let again = try await desk.inspection(id)
      #expect(again.conclusion == Desk.fraud && again.decidedFindings == second.findings)
    }
  }

  @Test func `nobody takes two parts, and each needs his role`() async throws {
    let desk = try await Desk()
    let caseID = try await desk.issued()
    let id = try await desk.inspect(caseID, by: Police.right(for: .review, id: "p1")).inspectionID
    try await desk.hear(id)
    let own = await refusal {
      try await desk.conclude(id, by: Police.right(for: .review, id: "p1"))
    }
    #expect(own.reason == "OFFICER_ALREADY_IN_CASE" && own.metadata["officer_role"] == "open")
    let wrongRole = await refusal { try await desk.conclude(id, by: Desk.decider) }
    #expect(wrongRole.reason == "OFFICER_WRONG_OFFICE")
    try await desk.conclude(id, by: Desk.proposer)
    // The same person, with another role in his token.
    let twice = await refusal {
      try await desk.conclude(id, by: Police.right(for: .approve, id: "p-concludes"))
    }
    #expect(
      twice.reason == "OFFICER_ALREADY_IN_CASE" && twice.metadata["officer_role"] == "propose")
    let alone = await refusal { try await desk.conclude(id, by: Desk.proposer) }
    #expect(alone.reason == "OFFICER_WRONG_OFFICE")
    try await desk.conclude(id, by: Desk.decider)
  }

  @Test func `before the holder has spoken nothing is concluded while his term runs`() async throws
  {
    let desk = try await Desk()
    let id = try await desk.inspect(try await desk.issued()).inspectionID
    let early = await refusal { try await desk.conclude(id, by: Desk.proposer) }
    #expect(early.reason == "STATEMENT_PENDING")
    #expect(early.metadata["statement_due_on"] == "2026-03-17")
    desk.clock.set(nineOClock("2026-03-17"))
    let last = await refusal { try await desk.conclude(id, by: Desk.proposer) }
    #expect(last.reason == "STATEMENT_PENDING")
    desk.clock.set(nineOClock("2026-03-18"))
    #expect(try await desk.conclude(id, by: Desk.proposer).state == .proposed)
  }

  @Test func `where the second says something else it is concluded anew, by the same roles`()
    async throws
  {
    let desk = try await Desk()
    let caseID = try await desk.issued()
    let id = try await desk.inspect(caseID).inspectionID
    try await desk.hear(id)
    try await desk.conclude(id, by: Desk.proposer)
    var milder = Desk.fraud
    milder.penalty = .warning
    milder.fineYuan = 0
    let returned = try await desk.conclude(id, milder, by: Desk.decider)
    #expect(returned.state == .open && returned.conclusion == nil && returned.proposed == nil)
    let swapped = await refusal {
      try await desk.conclude(id, milder, by: Police.right(for: .review, id: "p-decides"))
    }
    #expect(swapped.reason == "OFFICER_ALREADY_IN_CASE")
    try await desk.conclude(id, Desk.nothing, by: Desk.proposer)
    let cleared = try await desk.conclude(id, Desk.nothing, by: Desk.decider)
    #expect(cleared.state == .cleared && cleared.conclusion == Desk.nothing)
    try await desk.deliver()
    #expect(try desk.cancellations.isEmpty)
    let line = try #require(
      try await desk.deskEvents(caseID).first { $0.action == "inspection_returned" })
    #expect(line.detail.contains(Desk.fraud.decisionNumber) && line.actor == "officer:p-decides")
    // Another suspicion may come up.
    #expect(try await desk.inspect(caseID).state == .open)
  }

  @Test func `under a court's order the permit stays, and the decision is given again after it`()
    async throws
  {
    let desk = try await Desk()
    let id = try await desk.inspect(try await desk.issued()).inspectionID
    try await desk.hear(id)
    try await desk.conclude(id, by: Desk.proposer)
    try await desk.conclude(id, by: Desk.decider)
    desk.registry.refuse(
      RegistryV1.CertificateRegistryServiceMethods.cancelPermit,
      with: ServiceError(.permitHeld))
    try await desk.deliver()
    let refused = try await desk.inspection(id)
    #expect(refused.state == .cancellationRefused)
    #expect(refused.refusedReasons.map(\.code) == ["PERMIT_HELD"])
    let other = await refusal { try await desk.conclude(id, Desk.nothing, by: Desk.decider) }
    #expect(other.violations.map(\.field) == ["conclusion.outcome"])
    desk.registry.refuse(
      RegistryV1.CertificateRegistryServiceMethods.cancelPermit, with: nil)
    try await desk.conclude(id, by: Desk.decider)
    try await desk.deliver()
    let cancelled = try await desk.inspection(id)
    #expect(cancelled.state == .cancelled && cancelled.refusedReasons == [])
    #expect(Set(try desk.cancellations.map(\.idempotencyKey)).count == 2)
  }

  @Test func `a permit that has ended by something else is cancelled by nobody again`() async throws
  {
    let desk = try await Desk()
    let id = try await desk.inspect(try await desk.issued()).inspectionID
    try await desk.hear(id)
    try await desk.conclude(id, by: Desk.proposer)
    try await desk.conclude(id, by: Desk.decider)
    desk.registry.refuse(
      RegistryV1.CertificateRegistryServiceMethods.cancelPermit,
      with: ServiceError(.permitWrongState))
    try await desk.deliver()
    let over = try await desk.inspection(id)
    #expect(over.state == .overtaken && over.conclusion == Desk.fraud)
  }

  @Test(arguments: [("110105201203110028", true), ("110105201203120023", false)])
  func `of whoever was not 14 on the day of submission nobody asks a penalty`(
    _ number: String, _ isPunished: Bool
  ) async throws {
    let desk = try await Desk()
    desk.clock.set(nineOClock("2026-03-11"))
    let id = try await desk.inspect(try await desk.issued(to: number)).inspectionID
    try await desk.hear(id)
    var (warned, spared) = (Desk.fraud, Desk.fraud)
    (warned.penalty, warned.fineYuan) = (.warning, 0)
    (spared.penalty, spared.fineYuan) = (.notImposed, 0)
    for conclusion in [Desk.fraud, warned] where !isPunished {
      let error = await refusal { try await desk.conclude(id, conclusion, by: Desk.proposer) }
      #expect(error.reason == "PENALTY_UNDER_AGE")
    }
    // His age when he did it counts, not that of the decision.
    desk.clock.set(nineOClock("2026-03-13"))
    let said = isPunished ? Desk.fraud : spared
    try await desk.conclude(id, said, by: Desk.proposer)
    #expect(try await desk.conclude(id, said, by: Desk.decider).conclusion == said)
    try await desk.deliver()
    let cancelled = try await desk.inspection(id)
    #expect(cancelled.state == .cancelled && cancelled.conclusion == said)
    #expect(cancelled.credit == nil)
  }

  @Test func `every defect is told at once, and no fine is above the law's`() async throws {
    let desk = try await Desk()
    let id = try await desk.inspect(try await desk.issued()).inspectionID
    try await desk.hear(id)
    var dear = Desk.fraud
    dear.fineYuan = 201
    var free = Desk.fraud
    free.fineYuan = 0
    var warned = Desk.fraud
    warned.penalty = .warning
    var cleared = Desk.fraud
    cleared.outcome = .nothingFound
    var spared = Desk.fraud
    spared.penalty = .notImposed
    let rows: [(ApprovalV1.InspectionConclusion, [String])] = [
      (.init(), ["findings FIELD_MISSING", "outcome VALUE_UNKNOWN"]),
      (
        .init(outcome: .fraud),
        ["findings FIELD_MISSING", "decision_number FIELD_MISSING", "penalty VALUE_UNKNOWN"]
      ),
      (dear, ["fine_yuan NUMBER_OUT_OF_RANGE"]), (free, ["fine_yuan NUMBER_OUT_OF_RANGE"]),
      (warned, ["fine_yuan NUMBER_OUT_OF_RANGE"]), (spared, ["fine_yuan NUMBER_OUT_OF_RANGE"]),
      (
        cleared,
        [
          "decision_number FIELD_NOT_WANTED", "penalty FIELD_NOT_WANTED",
          "fine_yuan FIELD_NOT_WANTED",
        ]
      ),
    ]
    for (conclusion, expected) in rows {
      let error = await refusal { try await desk.conclude(id, conclusion, by: Desk.proposer) }
      #expect(
        error.violations.map { "\($0.field) \($0.reason)" }
          == expected.map { "conclusion.\($0)" })
    }
  }
}
