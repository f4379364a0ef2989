import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// Lifts a court's hold by a second order.
  func releaseCaseHold(
    _ request: ApprovalV1.ReleaseCaseHoldRequest, _ context: CallContext
  ) async throws -> ApprovalV1.ReleaseCaseHoldResponse {
    let draft = HoldDraft(
      head: Officer(try context.requireCaller()), expectedVersion: request.expectedVersion,
      documentNumber: request.documentNumber, deed: .release(by: request.releaseDocumentNumber))
    let response: ApprovalV1.ReleaseCaseHoldResponse = try await self.traced(
      "hold_release", of: request.caseID, context
    ) {
      try await self.once.answer(request, key: request.idempotencyKey, context) { call in
        let reach = try self.reach(of: context)
        return try await call.commit { transaction, stamp in
          let record = try self.store.find(transaction, .caseID(request.caseID), within: reach)
          let after = try self.change(transaction, record, by: .hold(draft), stamp).file
          return ApprovalV1.ReleaseCaseHoldResponse(
            holds: after.holds.map { .init($0) }, version: after.version)
        }
      }
    }
    context.logger.info("a hold is lifted", metadata: ["case.id": "\(request.caseID)"])
    return response
  }
}
