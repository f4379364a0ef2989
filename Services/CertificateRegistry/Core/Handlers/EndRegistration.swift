import RPC
import Wire

extension RegistryHandlers {
  /// Ends a registration for a reason.
  func endRegistration(
    _ request: RegistryV1.EndRegistrationRequest, _ context: CallContext
  ) async throws -> RegistryV1.EndRegistrationResponse {
    try await self.change(
      RegistrationChangeClaim(request), for: request, key: request.idempotencyKey, context
    ) { RegistryV1.EndRegistrationResponse(registration: .init($0)) }
  }
}
