import DomainModel
import RPC
import ServiceCore
import Wire

extension NotificationHandlers {
  /// Says what a number that the caller has proved wants to be told, and when.
  func setPreferences(
    _ request: NotificationV1.SetPreferencesRequest, _ context: CallContext
  ) async throws -> NotificationV1.SetPreferencesResponse {
    try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let phone = try Self.checkedPhone(request.phone)
      let preferences = try Preferences(request.preferences)
      return try await call.commit { transaction, stamp in
        let recipient = try self.store.proved(
          transaction, phone, by: stamp.actor.principal)
        try self.store.save(transaction, preferences, of: recipient, stamp)
        return NotificationV1.SetPreferencesResponse(
          preferences: NotificationV1.Preferences(preferences))
      }
    }
  }
}
