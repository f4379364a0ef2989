import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

extension RegistryHandlers {
  /// What has happened to a permit, oldest first, by the identifier of any certificate it had.
  func getPermitHistory(
    _ request: RegistryV1.GetPermitHistoryRequest, _ context: CallContext
  ) async throws -> RegistryV1.GetPermitHistoryResponse {
    var defects = DefectList()
    defects.checkIdentifier(request.certificateIdentifier, at: "certificate_identifier")
    try defects.throwIfAny(.requestInvalid)
    let asked = try PageRequest(request.page)
    let found = try await self.store.events(
      identifier: request.certificateIdentifier, within: self.reach(of: context).permits,
      after: asked.cursor, limit: asked.limit)
    let page = asked.page(found) { String($0.entry.sequence) }
    return RegistryV1.GetPermitHistoryResponse(
      events: page.rows.map { RegistryV1.PermitEvent($0, by: self.policy) },
      nextPageToken: page.nextToken)
  }
}
