import RPC
import Wire

extension RegistryHandlers {
  /// Endorses a permit (签注): in time to the next full year, late by the policy's `late_anchor`; the
  /// certificate is made anew.
  func endorsePermit(
    _ request: RegistryV1.EndorsePermitRequest, _ context: CallContext
  ) async throws -> RegistryV1.EndorsePermitResponse {
    let claim = PermitClaim(
      certificateIdentifier: request.certificateIdentifier, order: OrderClaim(request.order),
      what: .endorse(
        submittedOn: request.submittedOn, move: request.move.map(MoveClaim.init),
        phone: request.phone))
    return try await self.change(
      claim.checked, for: request, key: request.idempotencyKey, context
    ) { permit, changed in
      RegistryV1.EndorsePermitResponse(permit: permit, late: changed.isLate)
    }
  }
}
