import DomainModel
import RPC
import ServiceCore
import Wire

extension RegistryHandlers {
  /// One permit with its signed document and the key that verifies it, as it is or as it stood at
  /// an instant; by the identifier of its certificate or of an earlier one.
  func getPermit(
    _ request: RegistryV1.GetPermitRequest, _ context: CallContext
  ) async throws -> RegistryV1.GetPermitResponse {
    var defects = DefectList()
    defects.checkIdentifier(request.certificateIdentifier, at: "certificate_identifier")
    try defects.throwIfAny(.requestInvalid)
    let instant = try Timestamp.asOf(request.asOfMs, now: self.time.now())
    let found = try await self.store.permit(
      identifier: request.certificateIdentifier, asOf: instant,
      within: self.reach(of: context).permits)
    var permit = RegistryV1.Permit(
      found.permit, found.signed, at: instant ?? self.time.now(), by: self.policy)
    permit.tell(found.leaf)
    return RegistryV1.GetPermitResponse(
      permit: permit,
      publicKeyPem: found.signed.signature.isEmpty ? "" : found.publicKeyPEM)
  }
}
