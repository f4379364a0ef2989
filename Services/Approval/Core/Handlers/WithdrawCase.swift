import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// The applicant takes the application back: the case ends, where it is not decided yet.
  func withdrawCase(
    _ request: ApprovalV1.WithdrawCaseRequest, _ context: CallContext
  ) async throws -> ApprovalV1.WithdrawCaseResponse {
    let response: ApprovalV1.WithdrawCaseResponse = try await self.once.answer(
      request, key: request.idempotencyKey, context
    ) { call in
      var defects = DefectList()
      if request.withdrawnAtMs <= 0 { defects.add(.fieldMissing, at: "withdrawn_at_ms") }
      try defects.throwIfAny(.requestInvalid)
      let command = CaseCommand.withdraw(at: Timestamp(milliseconds: request.withdrawnAtMs))
      let reach = try self.reach(of: context)
      return try await call.commit { transaction, stamp in
        let record = try self.store.find(
          transaction, .applicationID(request.applicationID), within: reach)
        _ = try self.change(transaction, record, by: command, stamp)
        return ApprovalV1.WithdrawCaseResponse()
      }
    }
    context.logger.info(
      "case is withdrawn", metadata: ["application.id": "\(request.applicationID)"])
    return response
  }
}
