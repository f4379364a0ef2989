import DomainModel
import RPC
import ServiceCore
import Wire

extension RegistryHandlers {
  /// The permits of one person or one application, by ascending id; an auditor may ask for all.
  func findPermits(
    _ request: RegistryV1.FindPermitsRequest, _ context: CallContext
  ) async throws -> RegistryV1.FindPermitsResponse {
    let reach = try self.reach(of: context).permits
    let key = try self.permitKey(request, within: reach)
    let asked = try PageRequest(request.page)
    let found = try await self.store.permits(
      key, within: reach, after: asked.cursor, limit: asked.limit)
    let page = asked.page(found) { $0.id.text }
    let now = self.time.now()
    return RegistryV1.FindPermitsResponse(
      permits: page.rows.map { RegistryV1.Permit($0, nil, at: now, by: self.policy) },
      nextPageToken: page.nextToken)
  }

  private func permitKey(
    _ request: RegistryV1.FindPermitsRequest, within reach: OfficeReach
  ) throws -> PermitKey {
    var defects = DefectList()
    switch request.key {
    case .citizenID(let text):
      let citizenID = defects.take(CitizenID.check(text, on: self.today), at: "citizen_id")
      if let citizenID { return .citizenID(citizenID) }
    case .applicationID(let id):
      defects.check(id, at: "application_id", max: TextLimits.referenceCharactersMax)
      if defects.isEmpty { return .applicationID(id) }
    case nil:
      if reach == .everything { return .all }
      defects.add(.fieldMissing, at: "key")
    }
    throw ServiceError(.requestInvalid, violations: defects.violations)
  }
}
