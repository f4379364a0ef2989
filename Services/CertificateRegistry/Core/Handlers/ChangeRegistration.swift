import RPC
import Wire

extension RegistryHandlers {
  /// Records a move or another workplace (变更登记): the registration there is ends, another begins.
  func changeRegistration(
    _ request: RegistryV1.ChangeRegistrationRequest, _ context: CallContext
  ) async throws -> RegistryV1.ChangeRegistrationResponse {
    try await self.change(
      RegistrationChangeClaim(request), for: request, key: request.idempotencyKey, context
    ) { RegistryV1.ChangeRegistrationResponse(registration: .init($0)) }
  }
}
