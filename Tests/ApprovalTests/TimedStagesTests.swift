import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// Shanghai's first permit: stages with terms between the opinions and after the permit.
struct TimedStagesTests {
  private static func officer(_ stage: Stage, id: String? = nil) -> Officer {
    Police.right(for: stage, id: id, of: .shanghai())
  }

  private static func work(_ desk: Desk, _ stage: Stage) async throws -> [ApprovalV1.WorkItem] {
    try await desk.client.listWork(
      .init(stage: .init(stage)), options: .by(Self.officer(stage))
    ).items
  }

  @Test(arguments: TestEngine.all)
  func `intake hears that it is done when the permit is signed, and the card comes after`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    let rules = try RegionRules(of: "shanghai", reading: PolicyTexts.text)
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock, rules: rules)
      var request = desk.openRequest()
      request.policyVersion = "shanghai-1"
      (request.officeCode, request.bureauCode) = (Police.shanghaiStation, Police.shanghaiBureau)
      let id = try await desk.client.openCase(request, options: .intake).caseID
      // One person of the counter hands on what he has accepted.
      try await desk.sign(id, .accept, by: Self.officer(.accept, id: "counter"))
      let forwarding = try await Self.work(desk, .forward)
      #expect(forwarding.map(\.state) == [.awaitingForwarding])
      #expect(try await desk.read(id).clocks?.stageDue?.dueOn == "2026-03-12")
      try await desk.sign(id, .forward, by: Self.officer(.forward, id: "counter"))
      try await desk.sign(id, .review, by: Self.officer(.review))
      try await desk.sign(id, .approve, by: Self.officer(.approve))
      try await desk.deliver()
      #expect(desk.intake.told.map(\.sequence) == [1, 2])
      let making = try await Self.work(desk, .make)
      #expect(making.map(\.certificateIdentifier) == [FakeRegistry.identifier])
      #expect(making.map(\.kind) == [.firstPermit])
      #expect(try await desk.read(id).clocks?.stageDue?.dueOn == "2026-03-19")
      let asked = await refusal {
        try await desk.sign(id, .make, .refuse, ["EVIDENCE_FALSE"], by: Self.officer(.make))
      }
      #expect(asked.violations.map(\.reason).contains("DECISION_NOT_AT_STAGE"))
      try await desk.sign(id, .make, by: Self.officer(.make, id: "counter"))
      let file = try await desk.sign(id, .notify, by: Self.officer(.notify, id: "counter"))
      #expect(file.state == .completed)
      #expect(file.opinions.map(\.stage) == [.accept, .forward, .review, .approve, .make, .notify])
      try await desk.deliver()
      // Nothing of it is the applicant's business any more.
      #expect(desk.intake.told.count == 2)
      let history = try await desk.client.getCaseHistory(.init(caseID: id), options: .auditor)
      #expect(
        history.events.map(\.action) == [
          "opened", "accepted", "forwarded", "reviewed", "approved", "issued", "made", "notified",
        ])
    }
  }

  @Test func `a reviewer does not hand on, nor who accepted review`() async throws {
    let rules = try RegionRules(of: "shanghai", reading: PolicyTexts.text)
    let desk = try await Desk(rules: rules)
    var request = desk.openRequest()
    request.policyVersion = "shanghai-1"
    (request.officeCode, request.bureauCode) = (Police.shanghaiStation, Police.shanghaiBureau)
    let id = try await desk.client.openCase(request, options: .intake).caseID
    try await desk.sign(id, .accept, by: Self.officer(.accept, id: "counter"))
    var reviewer = Self.officer(.forward)
    reviewer.role = "review"
    let wrong = await refusal { try await desk.sign(id, .forward, by: reviewer) }
    #expect(wrong.reason == "OFFICER_WRONG_OFFICE")
    try await desk.sign(id, .forward, by: Self.officer(.forward))
    let twice = await refusal {
      try await desk.sign(id, .review, by: Self.officer(.review, id: "counter"))
    }
    #expect(twice.reason == "OFFICER_ALREADY_IN_CASE")
  }
}
