import DomainModel
import RPC
import Wire

extension RegistryHandlers {
  /// One permit with its signed document and the key that verifies it.
  func getPermit(
    _ request: RegistryV1.GetPermitRequest, _ context: CallContext
  ) async throws -> RegistryV1.GetPermitResponse {
    guard CertificateIdentifier(request.certificateIdentifier) != nil else {
      var defects = DefectList()
      defects.add(.certificateIdentifierInvalid, at: "certificate_identifier")
      throw ServiceError(.requestInvalid, violations: defects.violations)
    }
    let found = try await self.store.permit(
      identifier: request.certificateIdentifier, within: self.reach(of: context))
    return RegistryV1.GetPermitResponse(
      permit: RegistryV1.Permit(found.permit, found.signed, self.state(of: found.permit)),
      publicKeyPem: found.publicKeyPEM)
  }
}
