import DomainModel
import RPC
import Wire

extension ApprovalHandlers {
  /// How many lines of a history are answered at most; the state machine makes fewer.
  static let historyLinesMax = 1_000

  /// Everything that happened to a case.
  func getCaseHistory(
    _ request: ApprovalV1.GetCaseHistoryRequest, _ context: CallContext
  ) async throws -> ApprovalV1.GetCaseHistoryResponse {
    let entries = try await self.store.history(
      of: .caseID(request.caseID), within: self.reach(of: context), limit: Self.historyLinesMax)
    return ApprovalV1.GetCaseHistoryResponse(events: entries.map(ApprovalV1.CaseEvent.init))
  }
}
