import RPC
import Wire

extension RegistryHandlers {
  /// Ends a hold by the number of its order.
  func releaseHold(
    _ request: RegistryV1.ReleaseHoldRequest, _ context: CallContext
  ) async throws -> RegistryV1.ReleaseHoldResponse {
    let claim = PermitClaim(
      certificateIdentifier: request.certificateIdentifier, order: OrderClaim(request.order),
      what: .releaseHold(number: request.documentNumber))
    return try await self.change(
      claim.checked, for: request, key: request.idempotencyKey, context
    ) { permit, _ in
      RegistryV1.ReleaseHoldResponse(permit: permit)
    }
  }
}
