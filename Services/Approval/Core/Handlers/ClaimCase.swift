import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// Takes a case for a bounded time. The officer is the caller.
  func claimCase(
    _ request: ApprovalV1.ClaimCaseRequest, _ context: CallContext
  ) async throws -> ApprovalV1.ClaimCaseResponse {
    let caller = try context.requireCaller()
    let response: ApprovalV1.ClaimCaseResponse = try await self.traced(
      "claim", of: request.caseID, context
    ) {
      try await self.once.answer(request, key: request.idempotencyKey, context) { call in
        let reach = try self.reach(of: context)
        let until = call.now.adding(milliseconds: Int64(self.settings.claimMinutes) * 60_000)
        return try await call.commit { transaction, stamp in
          let record = try self.store.find(transaction, .caseID(request.caseID), within: reach)
          let draft = ClaimDraft(
            officer: Officer(caller), expectedVersion: request.expectedVersion, until: until,
            heldCount: try self.store.heldCount(
              transaction, by: caller.id, beside: record.file.id, now: stamp.now),
            isParty: try caller.isParty(to: record))
          let after = try self.change(transaction, record.file, by: .claim(draft), stamp)
          return ApprovalV1.ClaimCaseResponse(
            claimNumber: after.desk.claimNumber,
            heldUntilMs: after.desk.hold?.until.milliseconds ?? 0, version: after.version)
        }
      }
    }
    context.logger.info(
      "case is claimed",
      metadata: [
        "case.id": "\(request.caseID)", "claim.number": "\(response.claimNumber)",
      ])
    return response
  }
}
