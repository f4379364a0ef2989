import DomainModel
import RPC
import Wire

extension IntakeHandlers {
  /// The applications the caller may reach, page by page, by ascending id.
  func listApplications(
    _ request: IntakeV1.ListApplicationsRequest, _ context: CallContext
  ) async throws -> IntakeV1.ListApplicationsResponse {
    let reach = Self.reach(of: try context.requireCaller())
    let page = try PageRequest(request.page)
    let state = try Self.filter(request.state)
    // One more than asked for says whether there is another page.
    let rows = try await self.store.page(
      after: page.after, limit: page.size + 1, in: state, within: reach)
    let shown = rows.prefix(page.size)
    let next = rows.count > page.size ? shown.last?.id.text : nil
    return IntakeV1.ListApplicationsResponse(
      applications: shown.map(IntakeV1.ApplicationSummary.init), nextPageToken: next ?? "")
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

/// The page that is asked for; the token is the last id of the page before.
private struct PageRequest {
  static let sizeDefault = 100
  static let sizeMax = 500
  static let tokenBytesMax = 64

  let size: Int
  let after: ID<Application>?

  /// Throws `PAGE_INVALID` for a size out of bounds or a token that no page gave.
  init(_ page: ModelV1.Page?) throws {
    let size = Int(page?.size ?? 0)
    let token = page?.token ?? ""
    guard (0...Self.sizeMax).contains(size), token.utf8.count <= Self.tokenBytesMax else {
      throw ServiceError(.pageInvalid)
    }
    self.size = size == 0 ? Self.sizeDefault : size
    self.after = token.isEmpty ? nil : ID(token)
  }
}
