import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// One inspection.
  func getInspection(
    _ request: ApprovalV1.GetInspectionRequest, _ context: CallContext
  ) async throws -> ApprovalV1.GetInspectionResponse {
    let reach = try self.reach(of: context)
    return try await self.store.read { snapshot in
      let inspection = try self.inspections.find(
        snapshot, request.inspectionID, within: reach)
      return ApprovalV1.GetInspectionResponse(inspection: try self.wire(inspection, snapshot))
    }
  }
}
