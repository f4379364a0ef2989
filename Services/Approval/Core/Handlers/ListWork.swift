import DomainModel
import RPC
import ServiceCore
import Wire

extension ApprovalHandlers {
  /// The work of the officer's own office, earliest due time first; for an auditor every case.
  func listWork(
    _ request: ApprovalV1.ListWorkRequest, _ context: CallContext
  ) async throws -> ApprovalV1.ListWorkResponse {
    let caller = try context.requireCaller()
    let asked = try PageRequest(request.page)
    let stage = try Self.stage(of: request)
    let now = self.time.now()
    let filter = try WorkFilter(request.filter, by: caller.id)
    if context.reach == .everything {
      guard filter.isEmpty else { throw ServiceError(.callerNotAllowed) }
      let lines = try await self.store.cases(
        after: asked.cursor, stage: stage, includeClosed: request.includeClosed,
        limit: asked.limit)
      let page = asked.page(lines) { $0.caseID }
      return ApprovalV1.ListWorkResponse(
        items: page.rows.map { ApprovalV1.WorkItem($0, at: now) }, nextPageToken: page.nextToken)
    }
    guard let office = caller.office, !request.includeClosed else {
      throw ServiceError(.callerNotAllowed)
    }
    // Of all open cases, who serves a whole county has to do with those of its bureau.
    let county = self.offices.bureau(ofCountyServedBy: office, on: CivilDate(of: now))
    let page = try await self.store.work(
      WorkQuestion(
        office: stage == nil ? county ?? office : office, stage: stage,
        after: try WorkPlace(token: asked.cursor), size: asked.size, filter: filter, now: now))
    return ApprovalV1.ListWorkResponse(
      items: page.lines.map { ApprovalV1.WorkItem($0, at: now) },
      nextPageToken: page.next?.token ?? "")
  }

  /// The stage asked for, nil for all; throws where the contract names no such stage.
  private static func stage(of request: ApprovalV1.ListWorkRequest) throws -> Stage? {
    if request.stage == .unspecified { return nil }
    guard let stage = Stage(request.stage) else {
      throw ServiceError(
        .requestInvalid, violations: [DefectReason.valueUnknown.violation(at: "stage")])
    }
    return stage
  }
}
