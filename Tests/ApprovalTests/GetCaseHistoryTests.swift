import DomainModel
import RPC
import Testing
import Wire

@testable import ApprovalCore

struct GetCaseHistoryTests {
  @Test func `the history tells who did what, in which role, where and why`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.sign(id, .accept, .supplement, ["PHOTO_UNFIT", "ID_CARD_EXPIRED"])
    try await desk.resume()
    for stage in [Stage.accept, .review, .approve] { try await desk.sign(id, stage) }
    try await desk.deliver()
    let events = try await desk.client.getCaseHistory(.init(caseID: id), options: .auditor).events
    #expect(events.map(\.sequence) == [1, 2, 3, 4, 5, 6, 7])
    #expect(
      events.map(\.action) == [
        "opened", "supplement_needed", "supplemented", "accepted", "reviewed", "approved", "issued",
      ])
    #expect(
      events.map(\.actor) == [
        "service:intake", "officer:police-accept", "service:intake", "officer:police-accept",
        "officer:police-review", "officer:police-approve", "service:registry",
      ])
    #expect(events.map(\.role) == ["", "accept", "", "accept", "review", "approve", ""])
    #expect(events[1].detail == "PHOTO_UNFIT,ID_CARD_EXPIRED")
    #expect(events[5].officeCode == Police.bureau)
  }
}
