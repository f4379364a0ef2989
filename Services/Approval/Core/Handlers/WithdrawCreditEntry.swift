import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// Withdraws the record of a fraud, as its dispute has shown; what it says goes here and at the
  /// platforms.
  func withdrawCreditEntry(
    _ request: ApprovalV1.WithdrawCreditEntryRequest, _ context: CallContext
  ) async throws -> ApprovalV1.WithdrawCreditEntryResponse {
    let caller = try context.requireCaller()
    let response: ApprovalV1.WithdrawCreditEntryResponse = try await self.traced(
      "credit_withdrawal", ofInspection: request.inspectionID, context
    ) {
      try await self.once.answer(request, key: request.idempotencyKey, context) { call in
        let reach = try self.reach(of: context)
        let draft = CreditDisputeDraft(reason: request.reason)
        return try await call.commit { transaction, stamp in
          let inspection = try self.change(
            transaction, request.inspectionID, within: reach, by: caller,
            version: request.expectedVersion, stamp
          ) { officer, _ in .settle(draft, officer) }
          return ApprovalV1.WithdrawCreditEntryResponse(inspection: inspection)
        }
      }
    }
    context.logger.info(
      "a credit entry is withdrawn", metadata: ["inspection.id": "\(request.inspectionID)"])
    return response
  }
}
