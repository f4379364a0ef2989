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
    let (key, reach) = (CaseKey.caseID(request.caseID), try self.reach(of: context))
    let entries = try await self.store.history(
      of: key, within: reach, limit: Self.historyLinesMax)
    let ofDesk = try await self.store.deskHistory(
      of: key, within: reach, limit: Self.historyLinesMax)
    return ApprovalV1.GetCaseHistoryResponse(
      events: entries.map(ApprovalV1.CaseEvent.init),
      deskEvents: ofDesk.map(ApprovalV1.CaseEvent.init))
  }
}
