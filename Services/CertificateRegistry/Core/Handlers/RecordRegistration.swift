import DomainModel
import RPC
import ServiceCore
import Wire

extension RegistryHandlers {
  /// Records a residence registration (居住登记). The same person, address and day of declaration
  /// under another key give the registration that stands.
  func recordRegistration(
    _ request: RegistryV1.RecordRegistrationRequest, _ context: CallContext
  ) async throws -> RegistryV1.RecordRegistrationResponse {
    try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let command = try RegistrationClaim(request).checked(
        on: CivilDate(of: call.now), self.policy.divisions)
      // The platform or service calls for the office that registered.
      let actor = Actor(principal: call.stamp.actor.principal, office: command.officeCode)
      return try await call.acting(as: actor).commit { transaction, stamp in
        let (registration, stood) = try self.store.record(transaction, command, stamp)
        return RegistryV1.RecordRegistrationResponse(
          registration: .init(registration), stoodAlready: stood)
      }
    }
  }
}
