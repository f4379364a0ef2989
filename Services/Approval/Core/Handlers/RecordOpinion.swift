import DomainModel
import Logging
import RPC
import Wire

extension ApprovalHandlers {
  /// Signs one opinion. The officer is the caller, never a field of the request.
  func recordOpinion(
    _ request: ApprovalV1.RecordOpinionRequest, _ context: CallContext
  ) async throws -> ApprovalV1.RecordOpinionResponse {
    let caller = try context.requireCaller()
    let officer = Officer(id: caller.id, office: caller.office ?? "", role: caller.role ?? "")
    let call = try self.inboxCall(request, key: request.idempotencyKey, context)
    let now = self.time.now()
    let actor = Actor(principal: caller.principal, role: officer.role, office: officer.office)
    let command = CaseCommand.sign(OpinionDraft(request, by: officer))
    let reply = try await self.store.change(
      .caseID(request.caseID), self.change(command, by: actor, at: now), call, now: now
    ) { record, papers in
      try ApprovalV1.RecordOpinionResponse(case: .init(record.file, papers)).wireBytes()
    }
    let response = try ApprovalV1.RecordOpinionResponse(wireBytes: reply)
    context.logger.info(
      "opinion is signed",
      metadata: [
        "case.id": "\(request.caseID)", "case.version": "\(response.case?.version ?? 0)",
        "stage": "\(request.stage)", "decision": "\(request.decision)",
      ])
    return response
  }
}
