import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// Corrects the record of a fraud, as its dispute has shown; the platforms are told.
  func correctCreditEntry(
    _ request: ApprovalV1.CorrectCreditEntryRequest, _ context: CallContext
  ) async throws -> ApprovalV1.CorrectCreditEntryResponse {
    let caller = try context.requireCaller()
    let response: ApprovalV1.CorrectCreditEntryResponse = try await self.traced(
      "credit_correction", ofInspection: request.inspectionID, context
    ) {
      try await self.once.answer(request, key: request.idempotencyKey, context) { call in
        let reach = try self.reach(of: context)
        let draft = CreditDisputeDraft(
          reason: request.reason,
          correction: PenaltyDraft(
            decisionNumber: request.decisionNumber, kind: .init(request.penalty),
            fineYuan: Int(request.fineYuan)))
        return try await call.commit { transaction, stamp in
          let inspection = try self.change(
            transaction, request.inspectionID, within: reach, by: caller,
            version: request.expectedVersion, stamp
          ) { officer, _ in .settle(draft, officer) }
          return ApprovalV1.CorrectCreditEntryResponse(inspection: inspection)
        }
      }
    }
    context.logger.info(
      "a credit entry is corrected", metadata: ["inspection.id": "\(request.inspectionID)"])
    return response
  }
}
