import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct ListInspectionsTests {
  private static func list(
    _ desk: Desk, by options: CallOptions = .auditor,
    _ change: (inout ApprovalV1.ListInspectionsRequest) -> Void = { _ in }
  ) async throws -> ApprovalV1.ListInspectionsResponse {
    var request = ApprovalV1.ListInspectionsRequest()
    change(&request)
    return try await desk.client.listInspections(request, options: options)
  }

  @Test func `those that are not over, page by page, within reach`() async throws {
    let desk = try await Desk()
    var ids: [String] = []
    var cases: [String] = []
    for number in 1...3 {
      let id = try await desk.open("application-\(number)")
      for stage in [Stage.accept, .review, .approve] { try await desk.sign(id, stage) }
      try await desk.deliver()
      cases.append(id)
      ids.append(try await desk.inspect(id).inspectionID)
    }
    try await desk.hear(ids[0])
    try await desk.conclude(ids[0], Desk.nothing, by: Desk.proposer)
    try await desk.conclude(ids[0], Desk.nothing, by: Desk.decider)
    let open = try await Self.list(desk).inspections.map(\.inspectionID)
    #expect(open == [ids[1], ids[2]].sorted())
    let all = try await Self.list(desk) { $0.includeClosed = true }
    #expect(all.inspections.map(\.inspectionID) == ids.sorted())
    let first = try await Self.list(desk) { $0.page = .init(size: 1) }
    let second = try await Self.list(desk) {
      $0.page = .init(size: 1, token: first.nextPageToken)
    }
    #expect((first.inspections + second.inspections).map(\.inspectionID) == open)
    #expect(second.nextPageToken == "")
    let ofCase = try await Self.list(desk) { $0.caseID = cases[2] }
    #expect(ofCase.inspections.map(\.inspectionID) == [ids[2]])
    let own = try await Self.list(desk, by: .by(Desk.opener))
    #expect(own.inspections.count == 2)
    let stranger = Officer(id: "p9", office: Police.elsewhere, role: "accept")
    #expect(try await Self.list(desk, by: .by(stranger)).inspections.isEmpty)
  }
}
