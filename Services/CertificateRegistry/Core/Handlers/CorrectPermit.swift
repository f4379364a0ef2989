import RPC
import Wire

extension RegistryHandlers {
  /// Corrects face data that were wrong (更正); the certificate is made anew.
  func correctPermit(
    _ request: RegistryV1.CorrectPermitRequest, _ context: CallContext
  ) async throws -> RegistryV1.CorrectPermitResponse {
    let claim = PermitClaim(
      certificateIdentifier: request.certificateIdentifier, order: OrderClaim(request.order),
      what: .correct(
        IdentityClaim(request.holder), photoSHA256: request.photoSha256,
        proofSHA256: request.proofSha256))
    return try await self.change(
      claim.checked, for: request, key: request.idempotencyKey, context
    ) { permit, _ in
      RegistryV1.CorrectPermitResponse(permit: permit)
    }
  }
}
