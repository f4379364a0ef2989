import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

extension NotificationHandlers {
  /// Proves a number by the code that was sent there last. A wrong one uses up a try, although the call
  /// is refused.
  func provePhone(
    _ request: NotificationV1.ProvePhoneRequest, _ context: CallContext
  ) async throws -> NotificationV1.ProvePhoneResponse {
    try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let phone = try Self.checkedPhone(request.phone)
      let (principal, now) = (call.stamp.actor.principal, call.now)
      let triesLeft = try await self.store.store.write { transaction in
        try self.store.tryCode(transaction, request.code, for: phone, by: principal, at: now)
      }
      if let triesLeft { throw Self.wrongCode(triesLeft) }
      return try await call.commit { transaction, stamp in
        let triesLeft = try self.store.tryCode(
          transaction, request.code, for: phone, by: principal, at: now)
        if let triesLeft { throw Self.wrongCode(triesLeft) }
        try self.store.prove(transaction, phone, stamp)
        return NotificationV1.ProvePhoneResponse(provedAtMs: stamp.now.milliseconds)
      }
    }
  }

  private static func wrongCode(_ triesLeft: Int) -> ServiceError {
    ServiceError(.phoneCodeWrong, metadata: ["tries_left": String(triesLeft)])
  }
}
