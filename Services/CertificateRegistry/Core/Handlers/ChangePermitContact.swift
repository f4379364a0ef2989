import RPC
import Wire

extension RegistryHandlers {
  /// Changes where the texts to the holder go.
  func changePermitContact(
    _ request: RegistryV1.ChangePermitContactRequest, _ context: CallContext
  ) async throws -> RegistryV1.ChangePermitContactResponse {
    let claim = PermitClaim(
      certificateIdentifier: request.certificateIdentifier, order: OrderClaim(request.order),
      what: .changeContact(phone: request.phone))
    return try await self.change(
      claim.checked, for: request, key: request.idempotencyKey, context
    ) { permit, _ in
      RegistryV1.ChangePermitContactResponse(permit: permit)
    }
  }
}
