import RPC
import Wire

extension RegistryHandlers {
  /// Enters a move inside the unit that issued the permit; one outside of it is a conversion.
  func changePermitAddress(
    _ request: RegistryV1.ChangePermitAddressRequest, _ context: CallContext
  ) async throws -> RegistryV1.ChangePermitAddressResponse {
    let claim = PermitClaim(
      certificateIdentifier: request.certificateIdentifier, order: OrderClaim(request.order),
      what: .changeAddress(request.move.map(MoveClaim.init)))
    return try await self.change(
      claim.checked, for: request, key: request.idempotencyKey, context
    ) { permit, changed in
      RegistryV1.ChangePermitAddressResponse(permit: permit, late: changed.isLate)
    }
  }
}
