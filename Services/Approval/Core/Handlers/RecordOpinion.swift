import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// Signs one opinion. The officer is the caller, never a field of the request.
  ///
  /// The answer is the case as it was right after, without form, materials and findings: it is kept
  /// for a repeat, and what it does not hold is in `GetCase`.
  func recordOpinion(
    _ request: ApprovalV1.RecordOpinionRequest, _ context: CallContext
  ) async throws -> ApprovalV1.RecordOpinionResponse {
    let officer = Officer(try context.requireCaller())
    let response: ApprovalV1.RecordOpinionResponse = try await self.once.answer(
      request, key: request.idempotencyKey, context
    ) { call in
      let command = CaseCommand.sign(OpinionDraft(request, by: officer))
      let reach = try self.reach(of: context)
      return try await call.commit { transaction, stamp in
        let before = try self.store.find(transaction, .caseID(request.caseID), within: reach)
        let after = try self.change(transaction, before, by: command, stamp)
        return ApprovalV1.RecordOpinionResponse(case: .init(after.file))
      }
    }
    context.logger.info(
      "opinion is signed",
      metadata: [
        "case.id": "\(request.caseID)", "case.version": "\(response.case?.version ?? 0)",
        "stage": "\(request.stage)", "decision": "\(request.decision)",
      ])
    return response
  }
}
