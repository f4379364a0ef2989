import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// Takes a case into the green channel (绿色通道).
  func expediteCase(
    _ request: ApprovalV1.ExpediteCaseRequest, _ context: CallContext
  ) async throws -> ApprovalV1.ExpediteCaseResponse {
    let caller = try context.requireCaller()
    let draft = ExpeditionDraft(
      officer: Officer(caller), expectedVersion: request.expectedVersion, reason: request.reason)
    let response: ApprovalV1.ExpediteCaseResponse = try await self.traced(
      "expedition", of: request.caseID, context
    ) {
      try await self.once.answer(request, key: request.idempotencyKey, context) { call in
        let reach = try self.reach(of: context)
        return try await call.commit { transaction, stamp in
          let before = try self.store.find(transaction, .caseID(request.caseID), within: reach)
          var draft = draft
          draft.isParty = try caller.isParty(to: before)
          let after = try self.change(transaction, before, by: .expedite(draft), stamp)
          return ApprovalV1.ExpediteCaseResponse(
            case: .init(after.file),
            greenDueAtMs: after.file.desk.green?.dueAt.milliseconds ?? 0)
        }
      }
    }
    context.logger.info("case is expedited", metadata: ["case.id": "\(request.caseID)"])
    return response
  }
}
