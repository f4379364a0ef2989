import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct GetInspectionTests {
  @Test func `officers of the case's offices read it, others do not`() async throws {
    let desk = try await Desk()
    let id = try await desk.inspect(try await desk.issued()).inspectionID
    let request = ApprovalV1.GetInspectionRequest(inspectionID: id)
    for officer in [Desk.opener, Desk.decider] {
      let found = try await desk.client.getInspection(request, options: .by(officer))
      #expect(found.inspection?.inspectionID == id)
    }
    let stranger = Officer(id: "p9", office: Police.elsewhere, role: "accept")
    let hidden = await refusal {
      try await desk.client.getInspection(request, options: .by(stranger))
    }
    #expect(hidden.reason == "OFFICER_WRONG_OFFICE")
    let none = await refusal { try await desk.inspection("inspection-9") }
    #expect(none.reason == "INSPECTION_NOT_FOUND")
  }
}
