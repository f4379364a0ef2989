import DomainModel
import RPC
import ServiceCore
import Wire

extension IntakeHandlers {
  /// The applications the caller may reach, page by page, by ascending id.
  func listApplications(
    _ request: IntakeV1.ListApplicationsRequest, _ context: CallContext
  ) async throws -> IntakeV1.ListApplicationsResponse {
    let reach = try Reach(of: context)
    let page = try PageRequest(request.page)
    let state = try Self.filter(request.state)
    let (rows, nextToken) = page.page(
      try await self.store.list(
        after: page.cursor, limit: page.limit, in: state, within: reach), token: \.id.text)
    return IntakeV1.ListApplicationsResponse(
      applications: rows.map(IntakeV1.ApplicationSummary.init), nextPageToken: nextToken)
  }

  private static func filter(_ state: IntakeV1.ApplicationState) throws -> ApplicationState? {
    if state == .unspecified { return nil }
    guard let known = ApplicationState(state) else {
      throw ServiceError(
        .requestInvalid, violations: [DefectReason.valueUnknown.violation(at: "state")])
    }
    return known
  }
}
