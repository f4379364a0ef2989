import DomainModel
import RPC
import ServiceCore
import Wire

extension RegistryHandlers {
  /// One permit with its signed document and the key that verifies it, in its state now or at an
  /// instant: nothing else of a permit ever changes.
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
    let instant = try Timestamp.asOf(request.asOfMs, now: self.time.now())
    if let instant, instant < found.permit.issuedAt { throw ServiceError(.notThereYet) }
    return RegistryV1.GetPermitResponse(
      permit: RegistryV1.Permit(
        found.permit, found.signed, at: instant ?? self.time.now(), by: self.policy),
      publicKeyPem: found.publicKeyPEM)
  }
}
