import DomainModel
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// The cases whose timers failed again and again.
  func listParkedTimers(
    _ request: ApprovalV1.ListParkedTimersRequest, _ context: CallContext
  ) async throws -> ApprovalV1.ListParkedTimersResponse {
    let asked = try PageRequest(request.page)
    let rows = try await self.store.parkedTimers(after: asked.cursor, limit: asked.limit)
    let page = asked.page(rows) { $0.caseID }
    return ApprovalV1.ListParkedTimersResponse(
      timers: page.rows.map { timer in
        ApprovalV1.ParkedTimer(
          caseID: timer.caseID, dueAtMs: timer.dueAt.milliseconds,
          failures: Int32(timer.failures), reason: timer.reason,
          retryAtMs: timer.retryAt.milliseconds)
      }, nextPageToken: page.nextToken)
  }
}
