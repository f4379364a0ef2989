import RPC
import Wire

extension RegistryHandlers {
  /// Holds a permit by a court's order.
  func placeHold(
    _ request: RegistryV1.PlaceHoldRequest, _ context: CallContext
  ) async throws -> RegistryV1.PlaceHoldResponse {
    let claim = PermitClaim(
      certificateIdentifier: request.certificateIdentifier, order: OrderClaim(request.order),
      what: .placeHold(number: request.documentNumber))
    return try await self.change(
      claim.checked, for: request, key: request.idempotencyKey, context
    ) { permit, _ in
      RegistryV1.PlaceHoldResponse(permit: permit)
    }
  }
}
