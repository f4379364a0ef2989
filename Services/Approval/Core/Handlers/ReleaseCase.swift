import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// Gives a claimed case back.
  func releaseCase(
    _ request: ApprovalV1.ReleaseCaseRequest, _ context: CallContext
  ) async throws -> ApprovalV1.ReleaseCaseResponse {
    let caller = try context.requireCaller()
    let response: ApprovalV1.ReleaseCaseResponse = try await self.traced(
      "release", of: request.caseID, context
    ) {
      try await self.once.answer(request, key: request.idempotencyKey, context) { call in
        let reach = try self.reach(of: context)
        return try await call.commit { transaction, stamp in
          let record = try self.store.find(transaction, .caseID(request.caseID), within: reach)
          let command = DeskCommand.release(claimNumber: request.claimNumber, by: caller.id)
          _ = try self.change(transaction, record.file, by: command, stamp)
          return ApprovalV1.ReleaseCaseResponse()
        }
      }
    }
    context.logger.info("case is given back", metadata: ["case.id": "\(request.caseID)"])
    return response
  }
}
