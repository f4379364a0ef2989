import DomainModel
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// The inspections that the caller reaches, by ascending id.
  func listInspections(
    _ request: ApprovalV1.ListInspectionsRequest, _ context: CallContext
  ) async throws -> ApprovalV1.ListInspectionsResponse {
    let asked = try PageRequest(request.page)
    let reach = try self.reach(of: context)
    return try await self.store.read { snapshot in
      let rows = try self.inspections.list(
        snapshot, ofCase: request.caseID, after: asked.cursor,
        includesClosed: request.includeClosed, limit: asked.limit, within: reach)
      let page = asked.page(rows, token: \.id.text)
      return ApprovalV1.ListInspectionsResponse(
        inspections: try page.rows.map { try self.wire($0, snapshot) },
        nextPageToken: page.nextToken)
    }
  }
}
