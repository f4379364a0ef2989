import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// Concludes an inspection, by two officers; where they have found fraud, the registry is told to
  /// cancel the permit.
  func concludeInspection(
    _ request: ApprovalV1.ConcludeInspectionRequest, _ context: CallContext
  ) async throws -> ApprovalV1.ConcludeInspectionResponse {
    let caller = try context.requireCaller()
    let draft = ConclusionDraft(request.conclusion ?? ApprovalV1.InspectionConclusion())
    let response: ApprovalV1.ConcludeInspectionResponse = try await self.traced(
      "inspection_conclusion", ofInspection: request.inspectionID, context
    ) {
      try await self.once.answer(request, key: request.idempotencyKey, context) { call in
        let reach = try self.reach(of: context)
        return try await call.commit { transaction, stamp in
          let inspection = try self.change(
            transaction, request.inspectionID, within: reach, by: caller,
            version: request.expectedVersion, stamp
          ) { .conclude(draft, bornOn: try $1.applicantBirthDate, $0) }
          return ApprovalV1.ConcludeInspectionResponse(inspection: inspection)
        }
      }
    }
    context.logger.info(
      "inspection goes on",
      metadata: [
        "inspection.id": "\(request.inspectionID)",
        "inspection.state": "\(response.inspection?.state ?? .unspecified)",
      ])
    return response
  }
}
