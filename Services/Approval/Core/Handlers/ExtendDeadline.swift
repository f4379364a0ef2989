import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// Extends the statute by the local rule that the policy names. The answer is as
  /// `recordOpinion`'s.
  func extendDeadline(
    _ request: ApprovalV1.ExtendDeadlineRequest, _ context: CallContext
  ) async throws -> ApprovalV1.ExtendDeadlineResponse {
    let caller = try context.requireCaller()
    let order = ClockOrder(
      deed: .extend(days: Int(request.days)), officer: Officer(caller),
      expectedVersion: request.expectedVersion, text: request.text)
    let response: ApprovalV1.ExtendDeadlineResponse = try await self.traced(
      "extension", of: request.caseID, context
    ) {
      try await self.once.answer(request, key: request.idempotencyKey, context) { call in
        let reach = try self.reach(of: context)
        return try await call.commit { transaction, stamp in
          let before = try self.store.find(transaction, .caseID(request.caseID), within: reach)
          let after = try self.change(transaction, before, by: order, of: caller, stamp)
          return ApprovalV1.ExtendDeadlineResponse(case: .init(after.file))
        }
      }
    }
    context.logger.info(
      "statute is extended",
      metadata: ["case.id": "\(request.caseID)", "days": "\(request.days)"])
    return response
  }
}
