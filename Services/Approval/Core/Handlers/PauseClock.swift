import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// Stops promise and statute for a hearing or an appraisal. The answer is as `recordOpinion`'s.
  func pauseClock(
    _ request: ApprovalV1.PauseClockRequest, _ context: CallContext
  ) async throws -> ApprovalV1.PauseClockResponse {
    let caller = try context.requireCaller()
    let order = ClockOrder(
      deed: .pause(PauseReason(request.kind), expectedDays: Int(request.expectedDays)),
      officer: Officer(caller), expectedVersion: request.expectedVersion, text: request.text)
    let response: ApprovalV1.PauseClockResponse = try await self.traced(
      "pause", of: request.caseID, context
    ) {
      try await self.once.answer(request, key: request.idempotencyKey, context) { call in
        let reach = try self.reach(of: context)
        return try await call.commit { transaction, stamp in
          let before = try self.store.find(transaction, .caseID(request.caseID), within: reach)
          let after = try self.change(transaction, before, by: order, of: caller, stamp)
          return ApprovalV1.PauseClockResponse(case: .init(after.file))
        }
      }
    }
    context.logger.info(
      "clocks are stopped", metadata: ["case.id": "\(request.caseID)", "why": "\(request.kind)"])
    return response
  }
}
