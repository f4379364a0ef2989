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
    let caller = try context.requireCaller()
    let officer = Officer(id: caller.id, office: caller.office ?? "", role: caller.role ?? "")
    let response: ApprovalV1.RecordOpinionResponse = try await self.once.answer(
      request, key: request.idempotencyKey, context
    ) { call in
      let now = self.time.now()
      let actor = Actor(principal: caller.principal, role: officer.role, office: officer.office)
      let command = CaseCommand.sign(OpinionDraft(request, by: officer))
      let change = self.change(
        command, by: actor, within: try self.reach(of: context), at: now)
      return try await self.store.change(.caseID(request.caseID), change, call, now: now) {
        record in
        try ApprovalV1.RecordOpinionResponse(case: .init(record.file)).wireBytes()
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
