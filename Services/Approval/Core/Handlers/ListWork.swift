import DomainModel
import RPC
import Wire

extension ApprovalHandlers {
  /// The work of the officer's own office, earliest due time first; for an auditor every case.
  func listWork(
    _ request: ApprovalV1.ListWorkRequest, _ context: CallContext
  ) async throws -> ApprovalV1.ListWorkResponse {
    let caller = try context.requireCaller()
    let page = try PageRequest(request.page)
    let stage = try Self.stage(of: request)
    // One line more than the page, to know whether another page follows.
    let limit = page.rows + 1
    let isAuditor = caller.kind == .auditor
    let lines: [WorkLine]
    if isAuditor {
      lines = try await self.store.cases(
        after: page.token, stage: stage, includeClosed: request.includeClosed, limit: limit)
    } else {
      guard let office = caller.office, !request.includeClosed else {
        throw ServiceError(.callerNotAllowed)
      }
      lines = try await self.store.work(
        office: office, stage: stage, after: try page.workPlace(), limit: limit)
    }
    let now = self.time.now()
    let items = lines.prefix(page.rows)
    let last = lines.count > page.rows ? items.last : nil
    return ApprovalV1.ListWorkResponse(
      items: items.map { ApprovalV1.WorkItem($0, at: now) },
      nextPageToken: last.map { isAuditor ? $0.caseID : $0.place.token } ?? "")
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
