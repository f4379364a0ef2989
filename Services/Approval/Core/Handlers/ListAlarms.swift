import DomainModel
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// What open cases alarm the caller's office of, and those below it.
  func listAlarms(
    _ request: ApprovalV1.ListAlarmsRequest, _ context: CallContext
  ) async throws -> ApprovalV1.ListAlarmsResponse {
    let asked = try PageRequest(request.page)
    let rows = try await self.store.alarms(
      within: self.reach(of: context), after: ClockPlace(token: asked.cursor),
      limit: asked.limit)
    let page = asked.page(rows) { row in
      ClockPlace(
        at: row.alarm.raisedAt.milliseconds, caseID: row.caseID, term: row.alarm.term.rawValue
      ).token
    }
    return ApprovalV1.ListAlarmsResponse(
      alarms: page.rows.map { ApprovalV1.Alarm($0.alarm, of: $0.caseID, $0.number) },
      nextPageToken: page.nextToken)
  }
}
