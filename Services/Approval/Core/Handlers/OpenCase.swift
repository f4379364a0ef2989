import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// Opens the case of a submitted application, once an application.
  func openCase(
    _ request: ApprovalV1.OpenCaseRequest, _ context: CallContext
  ) async throws -> ApprovalV1.OpenCaseResponse {
    let actor = Actor(principal: try context.requireCaller().principal)
    let response: ApprovalV1.OpenCaseResponse = try await self.once.answer(
      request, key: request.idempotencyKey, context
    ) { call in
      let now = self.time.now()
      let known = OriginClaim.Known(
        policyVersions: self.policies.versions,
        isBureau: { self.announcer.appeal(against: $0, on: CivilDate(of: now)) != nil })
      let origin = try OriginClaim(request).checked(known)
      let file = try self.policies.machine(origin.policyVersion)
        .open(origin, as: ID(now: now, random: self.random))
      return try await self.store.open(
        CaseRecord(file: file, progress: 0), try CaseFile(request), by: actor, call, now: now
      ) { id in try ApprovalV1.OpenCaseResponse(caseID: id.text).wireBytes() }
    }
    context.logger.info("case is open", metadata: ["case.id": "\(response.caseID)"])
    return response
  }
}
