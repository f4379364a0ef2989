import DomainModel
import RPC
import Wire

extension RegistryHandlers {
  /// A person's registrations, oldest declaration first; nothing for a person nobody has
  /// registered.
  func getResidenceHistory(
    _ request: RegistryV1.GetResidenceHistoryRequest, _ context: CallContext
  ) async throws -> RegistryV1.GetResidenceHistoryResponse {
    var defects = DefectList()
    let citizenID = defects.take(
      CitizenID.check(request.citizenID, on: self.today), at: "citizen_id")
    try defects.throwIfAny(.requestInvalid)
    guard let citizenID else { throw ServiceError(.requestInvalid) }
    let history = try await self.store.residenceHistory(
      of: citizenID, within: self.reach(of: context))
    return RegistryV1.GetResidenceHistoryResponse(
      registrations: history.registrations.map(RegistryV1.Registration.init),
      liveCertificateIdentifier: history.livePermit ?? "")
  }
}
