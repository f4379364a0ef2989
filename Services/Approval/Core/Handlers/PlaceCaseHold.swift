import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// Holds a case by a court's order, in the name of the head who brings it.
  func placeCaseHold(
    _ request: ApprovalV1.PlaceCaseHoldRequest, _ context: CallContext
  ) async throws -> ApprovalV1.PlaceCaseHoldResponse {
    let draft = HoldDraft(
      head: Officer(try context.requireCaller()), expectedVersion: request.expectedVersion,
      documentNumber: request.documentNumber, deed: .place(court: request.court))
    let response: ApprovalV1.PlaceCaseHoldResponse = try await self.traced(
      "hold", of: request.caseID, context
    ) {
      try await self.once.answer(request, key: request.idempotencyKey, context) { call in
        let reach = try self.reach(of: context)
        return try await call.commit { transaction, stamp in
          let record = try self.store.find(transaction, .caseID(request.caseID), within: reach)
          let after = try self.change(transaction, record, by: .hold(draft), stamp).file
          return ApprovalV1.PlaceCaseHoldResponse(
            holds: after.holds.map { .init($0) }, version: after.version)
        }
      }
    }
    context.logger.info("case is held", metadata: ["case.id": "\(request.caseID)"])
    return response
  }
}
