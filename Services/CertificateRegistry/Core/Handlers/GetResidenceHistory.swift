import DomainModel
import RPC
import Wire

extension RegistryHandlers {
  /// A person's registrations, oldest declaration first, and the time that they make up as of a
  /// day; nothing for a person nobody has registered.
  func getResidenceHistory(
    _ request: RegistryV1.GetResidenceHistoryRequest, _ context: CallContext
  ) async throws -> RegistryV1.GetResidenceHistoryResponse {
    let today = self.today
    var defects = DefectList()
    let citizenID = defects.take(
      CitizenID.check(request.citizenID, on: today), at: "citizen_id")
    let day =
      request.asOfOn.isEmpty
      ? today : defects.date(request.asOfOn, at: "as_of_on", notAfter: today, notBefore: nil)
    try defects.throwIfAny(.requestInvalid)
    guard let citizenID, let day else { throw ServiceError(.requestInvalid) }
    let history = try await self.store.residenceHistory(
      of: citizenID, within: self.reach(of: context))
    let reckoning = ResidenceReckoning(history.all, asOf: day, by: self.policy)
    return RegistryV1.GetResidenceHistoryResponse(
      registrations: history.registrations.map(RegistryV1.Registration.init),
      liveCertificateIdentifier: history.livePermit ?? "",
      unitChain: reckoning.inUnit.map(RegistryV1.ResidenceChain.init),
      provinceChain: reckoning.inProvince.map(RegistryV1.ResidenceChain.init))
  }
}
