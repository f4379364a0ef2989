import DomainModel
import RPC
import ServiceCore
import Wire

extension RegistryHandlers {
  /// Changes one registration as a claim says, and answers with what `reply` makes of the one that
  /// is left.
  func change<Answer: WireMessage>(
    _ claim: RegistrationChangeClaim, for request: some WireMessage, key: String,
    _ context: CallContext, reply: @escaping @Sendable (Registration) -> Answer
  ) async throws -> Answer {
    try await self.once.answer(request, key: key, context) { call in
      let order = try claim.checked(on: CivilDate(of: call.now), self.policy.divisions)
      // The service calls for the office that registers.
      let actor = Actor(principal: call.stamp.actor.principal, office: order.officeCode)
      return try await call.acting(as: actor).commit { transaction, stamp in
        reply(try self.store.change(transaction, order, stamp))
      }
    }
  }
}
