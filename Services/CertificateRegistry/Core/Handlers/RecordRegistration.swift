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
    let caller = try context.requireCaller()
    return try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let now = self.time.now()
      let command = try RegistrationClaim(request).checked(
        on: CivilDate(of: now), self.policy.divisions)
      let stamp = Stamp(
        actor: caller.principal, office: command.officeCode, now: now,
        newPerson: self.newID(now))
      return try await self.store.record(command, as: self.newID(now), call, stamp) {
        try RegistryV1.RecordRegistrationResponse(registration: .init($0)).wireBytes()
      }
    }
  }
}
