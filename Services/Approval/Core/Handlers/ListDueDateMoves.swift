import DomainModel
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// Which due dates newly published calendars moved, and by which rule.
  func listDueDateMoves(
    _ request: ApprovalV1.ListDueDateMovesRequest, _ context: CallContext
  ) async throws -> ApprovalV1.ListDueDateMovesResponse {
    let asked = try PageRequest(request.page)
    let rows = try await self.store.moves(
      of: request.calendarVersion, after: ClockPlace(token: asked.cursor), limit: asked.limit)
    let page = asked.page(rows) { row in
      ClockPlace(
        at: row.move.movedAt.milliseconds, caseID: row.caseID, term: row.move.term.rawValue
      ).token
    }
    return ApprovalV1.ListDueDateMovesResponse(
      moves: page.rows.map { ApprovalV1.DueDateMove($0.move, of: $0.caseID, $0.number) },
      nextPageToken: page.nextToken)
  }
}
