import DomainModel
import RPC
import Wire

extension ApprovalHandlers {
  /// One case, with what its officer must see.
  func getCase(
    _ request: ApprovalV1.GetCaseRequest, _ context: CallContext
  ) async throws -> ApprovalV1.GetCaseResponse {
    guard let key = CaseKey(request) else { throw ServiceError(.caseNotFound) }
    let (record, papers) = try await self.store.find(key, within: self.reach(of: context))
    return ApprovalV1.GetCaseResponse(case: try ApprovalV1.Case(record.file, papers))
  }
}
