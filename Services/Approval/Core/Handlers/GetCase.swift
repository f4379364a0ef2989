import DomainModel
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// One case, with what its officer must see, as it is or as it stood.
  func getCase(
    _ request: ApprovalV1.GetCaseRequest, _ context: CallContext
  ) async throws -> ApprovalV1.GetCaseResponse {
    guard let key = CaseKey(request) else { throw ServiceError(.caseNotFound) }
    let reach = try self.reach(of: context)
    guard let instant = try Timestamp.asOf(request.asOfMs, now: self.time.now()) else {
      let record = try await self.store.find(key, within: reach)
      return ApprovalV1.GetCaseResponse(case: try ApprovalV1.Case(record))
    }
    let (record, standing) = try await self.store.find(key, asOf: instant, within: reach)
    let present = try ApprovalV1.Case(record)
    return ApprovalV1.GetCaseResponse(case: try ApprovalV1.Case(standing, of: present))
  }
}
