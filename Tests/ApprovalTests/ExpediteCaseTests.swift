import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct ExpediteCaseTests {
  @Test func `a green case stands first and has its own time, in office hours`() async throws {
    let desk = try await Desk()
    let earlier = try await desk.open("application-1")
    let urgent = try await desk.open("application-2")
    let answer = try await desk.expedite(urgent)
    #expect(answer.greenDueAtMs == desk.clock.now().milliseconds + 120 * Desk.minuteMs)
    #expect(answer.case?.version == 2)
    let items = try await desk.work(Police.right(for: .accept), stage: .accept)
    #expect(items.map(\.caseID) == [urgent, earlier])
    #expect(items[0].dueAtMs == answer.greenDueAtMs)
    #expect(items[0].desk?.greenReason == "medical")
    // At the next stage too, and overdue by its own time.
    for stage in [Stage.accept, .review] { try await desk.sign(urgent, stage) }
    desk.clock.advance(milliseconds: 121 * Desk.minuteMs)
    let late = try await desk.work(Police.right(for: .approve), stage: .approve)
    #expect(late.map(\.overdue) == [true])
    let done = try await desk.sign(urgent, .approve)
    #expect(done.opinions.count == 3)
    #expect(done.desk?.greenReason == "medical")
    let history = try await desk.client.getCaseHistory(.init(caseID: urgent), options: .auditor)
    #expect(history.events[1].action == "expedited" && history.events[1].detail == "medical")
  }

  @Test func `what is claimed stays claimed`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let one = Desk.officer(.accept, "one")
    try await desk.claim(id, by: one)
    try await desk.expedite(id)
    #expect(try await desk.read(id).desk?.heldBy == "one")
    let stale = await refusal { try await desk.claim(id, by: one, version: 1) }
    #expect(stale.reason == "VERSION_STALE")
  }

  @Test func `only for a reason of the catalogue, once, and before it is decided`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let reason = await refusal { try await desk.expedite(id, "because") }
    #expect(reason.violations.map(\.reason) == ["GREEN_REASON_UNKNOWN"])
    let elsewhere = Officer(id: "p", office: Police.elsewhere, role: "accept")
    let stranger = await refusal { try await desk.expedite(id, by: elsewhere) }
    #expect(stranger.reason == "OFFICER_WRONG_OFFICE")
    try await desk.expedite(id, by: Desk.stationHead)
    #expect(await refusal { try await desk.expedite(id) }.reason == "CASE_WRONG_STATE")
    let other = try await desk.open("application-2")
    for stage in [Stage.accept, .review, .approve] { try await desk.sign(other, stage) }
    #expect(await refusal { try await desk.expedite(other) }.reason == "CASE_WRONG_STATE")
    #expect(try await desk.deskEvents(id).map(\.action).count == 3)
  }

  @Test func `a region without a green channel has none`() async throws {
    let rules = try RegionRules(of: "shanghai", reading: PolicyTexts.text)
    let desk = try await Desk(rules: rules)
    var request = desk.openRequest()
    request.policyVersion = "shanghai-1"
    request.officeCode = Police.shanghaiStation
    request.bureauCode = Police.shanghaiBureau
    let id = try await desk.client.openCase(request, options: .intake).caseID
    let officer = Police.right(for: .accept, of: .shanghai())
    let error = await refusal { try await desk.expedite(id, by: officer) }
    #expect(error.violations.map(\.reason) == ["GREEN_REASON_UNKNOWN"])
  }
}
