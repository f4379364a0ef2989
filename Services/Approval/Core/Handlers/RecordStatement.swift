import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// Writes down what a holder has said to the facts that he was told (陈述、申辩), or that he has
  /// nothing to say.
  func recordStatement(
    _ request: ApprovalV1.RecordStatementRequest, _ context: CallContext
  ) async throws -> ApprovalV1.RecordStatementResponse {
    let caller = try context.requireCaller()
    let response: ApprovalV1.RecordStatementResponse = try await self.traced(
      "inspection_statement", ofInspection: request.inspectionID, context
    ) {
      try await self.once.answer(request, key: request.idempotencyKey, context) { call in
        let reach = try self.reach(of: context)
        return try await call.commit { transaction, stamp in
          let inspection = try self.change(
            transaction, request.inspectionID, within: reach, by: caller,
            version: request.expectedVersion, stamp
          ) { officer, _ in .state(text: request.text, isWaived: request.waived, officer) }
          return ApprovalV1.RecordStatementResponse(inspection: inspection)
        }
      }
    }
    context.logger.info(
      "a holder was heard", metadata: ["inspection.id": "\(request.inspectionID)"])
    return response
  }
}
