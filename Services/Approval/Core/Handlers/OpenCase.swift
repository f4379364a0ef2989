import DomainModel
import Logging
import RPC
import Wire

extension ApprovalHandlers {
  /// Opens the case of a submitted application, once an application.
  func openCase(
    _ request: ApprovalV1.OpenCaseRequest, _ context: CallContext
  ) async throws -> ApprovalV1.OpenCaseResponse {
    let actor = try self.requireIntake(context)
    let call = try self.inboxCall(request, key: request.idempotencyKey, context)
    let now = self.time.now()
    let known = OriginClaim.Known(
      policyVersions: self.policies.versions,
      isBureau: { self.announcer.appeal(against: $0, on: CivilDate(of: now)) != nil })
    let origin = try OriginClaim(request).checked(known)
    let file = try self.policies.machine(origin.policyVersion)
      .open(origin, as: ID(now: now, random: self.random))
    let reply = try await self.store.open(
      CaseRecord(file: file, progress: 0), try CaseFile(request), by: actor, call, now: now
    ) { id in try ApprovalV1.OpenCaseResponse(caseID: id.text).wireBytes() }
    let response = try ApprovalV1.OpenCaseResponse(wireBytes: reply)
    context.logger.info("case is open", metadata: ["case.id": "\(response.caseID)"])
    return response
  }
}
