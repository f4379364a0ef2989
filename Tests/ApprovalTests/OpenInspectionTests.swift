import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct OpenInspectionTests {
  @Test(arguments: TestEngine.all)
  func `the holder is told the facts and has his term, and nobody else hears of it`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      let id = try await desk.issued()
      let told = desk.intake.told.count
      let key = desk.key()
      let opened = try await desk.inspect(id, key: key)
      #expect(opened.state == .open && opened.version == 1)
      #expect(opened.certificateIdentifier == FakeRegistry.identifier)
      #expect(opened.opened?.officerID == "p-opens" && opened.caseID == id)
      // Five working days from Tuesday.
      #expect(opened.noticeServedOn == "2026-03-10" && opened.statementDue?.dueOn == "2026-03-17")
      #expect(try await desk.inspect(id, key: key) == opened)
      #expect(try await desk.inspection(opened.inspectionID) == opened)
      let second = await refusal { try await desk.inspect(id) }
      #expect(second.reason == "INSPECTION_ALREADY_OPEN")
      #expect(second.metadata == ["inspection_id": opened.inspectionID])
      try await desk.deliver()
      #expect(try desk.cancellations.isEmpty && desk.intake.told.count == told)
      #expect(try await desk.read(id).state == .completed)
      #expect(try await desk.deskEvents(id).map(\.action) == ["inspection_opened"])
    }
  }

  @Test func `only a permit in force from three officers is inspected`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let early = await refusal { try await desk.inspect(id) }
    #expect(early.reason == "CASE_WRONG_STATE")
    #expect(early.metadata["current_state"] == "awaiting_acceptance")
    let none = await refusal { try await desk.inspect("case-9") }
    #expect(none.reason == "CASE_NOT_FOUND")
  }

  @Test func `who takes no part in the case, or is a party to it, opens nothing`() async throws {
    let desk = try await Desk()
    let id = try await desk.issued()
    let strangers = [
      Police.right(for: .approve), Desk.stationHead,
      Officer(id: "p9", office: Police.elsewhere, role: "accept"),
    ]
    for officer in strangers {
      let error = await refusal { try await desk.inspect(id, by: officer) }
      #expect(error.reason == "OFFICER_WRONG_OFFICE", "\(officer)")
    }
    var caller = Caller(
      kind: .officer, id: "p-opens", office: Police.station, role: "accept")
    caller.citizenID = Desk.form.applicant?.citizenID
    let request = ApprovalV1.OpenInspectionRequest(
      idempotencyKey: desk.key(), caseID: id, grounds: "举报", noticeServedOn: "2026-03-10")
    let party = await refusal {
      try await desk.client.openInspection(request, options: .by(caller))
    }
    #expect(party.reason == "OFFICER_MUST_RECUSE")
  }

  @Test func `every defect is told at once`() async throws {
    let desk = try await Desk()
    let id = try await desk.issued()
    let rows: [(grounds: String, servedOn: String, expected: [String])] = [
      ("", "", ["grounds FIELD_MISSING", "notice_served_on DATE_INVALID"]),
      (
        String(repeating: "字", count: 501), "2026-03-11",
        ["grounds TEXT_TOO_LONG", "notice_served_on DATE_IN_FUTURE"]
      ),
      // Before there was a permit.
      ("举报", "2026-03-09", ["notice_served_on DATE_TOO_EARLY"]),
    ]
    for row in rows {
      let error = await refusal {
        try await desk.inspect(id, grounds: row.grounds, servedOn: row.servedOn)
      }
      #expect(error.violations.map { "\($0.field) \($0.reason)" } == row.expected)
    }
  }
}
