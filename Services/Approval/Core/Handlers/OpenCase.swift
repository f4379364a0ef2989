import DomainModel
import Logging
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// Opens the case of a submitted application, once an application; or a lost one again, where
  /// intake knows it to have stood.
  func openCase(
    _ request: ApprovalV1.OpenCaseRequest, _ context: CallContext
  ) async throws -> ApprovalV1.OpenCaseResponse {
    let response: ApprovalV1.OpenCaseResponse = try await self.once.answer(
      request, key: request.idempotencyKey, context
    ) { call in
      let known = OriginClaim.Known(
        policies: self.policies.editions,
        isBureau: { self.announcer.appeal(against: $0, on: CivilDate(of: call.now)) != nil })
      let origin = try OriginClaim(request).checked(known)
      let standing = try request.standing.map(CaseStanding.init)
      let file = try self.policies.machine(origin.policyVersion)
        .open(origin, as: standing?.caseID ?? call.stamp.newID())
      let opening = CaseOpening(file: file, papers: try CaseFile(request), standing: standing)
      return try await call.commit { transaction, stamp in
        let id = try self.store.open(transaction, opening, stamp)
        return ApprovalV1.OpenCaseResponse(caseID: id.text)
      }
    }
    context.logger.info("case is open", metadata: ["case.id": "\(response.caseID)"])
    return response
  }
}
