import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct RecordStatementTests {
  @Test func `what the holder said is written down, once`() async throws {
    let desk = try await Desk()
    let id = try await desk.inspect(try await desk.issued()).inspectionID
    let heard = try await desk.hear(id)
    #expect(heard.state == .open && heard.version == 2)
    #expect(heard.statement?.text == "合同是中介代办的，本人不知情。")
    #expect(heard.statement?.waived == false)
    #expect(heard.statement?.signature?.officerID == "p-opens")
    #expect(try await desk.inspection(id) == heard)
    let again = await refusal { try await desk.hear(id, "还有话说。") }
    #expect(again.reason == "INSPECTION_WRONG_STATE" && again.metadata["current_state"] == "open")
  }

  @Test func `who has nothing to say says so`() async throws {
    let desk = try await Desk()
    let id = try await desk.inspect(try await desk.issued()).inspectionID
    let both = await refusal { try await desk.hear(id, waived: true) }
    #expect(both.violations.map(\.reason) == ["FIELD_NOT_WANTED"])
    let neither = await refusal { try await desk.hear(id, "") }
    #expect(neither.violations.map(\.reason) == ["FIELD_MISSING"])
    let waived = try await desk.hear(id, "", waived: true)
    #expect(waived.statement?.waived == true && waived.statement?.text == "")
  }

  @Test func `a stranger, a stale version, an inspection that is none`() async throws {
    let desk = try await Desk()
    let caseID = try await desk.issued()
    let id = try await desk.inspect(caseID).inspectionID
    let stranger = await refusal {
      try await desk.hear(id, by: Officer(id: "p9", office: Police.elsewhere, role: "accept"))
    }
    #expect(stranger.reason == "OFFICER_WRONG_OFFICE")
    let stale = await refusal { try await desk.hear(id, version: 9) }
    #expect(stale.reason == "VERSION_STALE" && stale.metadata["current_version"] == "1")
    let request = ApprovalV1.RecordStatementRequest(
      idempotencyKey: desk.key(), inspectionID: "inspection-9", text: "话")
    let none = await refusal {
      try await desk.client.recordStatement(request, options: .by(Desk.opener))
    }
    #expect(none.reason == "INSPECTION_NOT_FOUND")
    let traces = try await desk.deskEvents(caseID).map(\.action)
    #expect(traces.filter { $0 == "refused_inspection_statement" }.count == 2)
  }
}
