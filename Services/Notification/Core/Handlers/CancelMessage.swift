import DomainModel
import RPC
import ServiceCore
import Wire

extension NotificationHandlers {
  /// Cancels a message that the caller enqueued, if it still waits.
  func cancelMessage(
    _ request: NotificationV1.CancelMessageRequest, _ context: CallContext
  ) async throws -> NotificationV1.CancelMessageResponse {
    try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      var defects = DefectList()
      MessageKey.check(request.messageKey, at: "message_key", &defects)
      try defects.throwIfAny(.requestInvalid)
      return try await call.commit { transaction, stamp in
        let (id, state, isCertain) = try self.store.cancel(
          transaction, key: request.messageKey, stamp)
        return NotificationV1.CancelMessageResponse(
          messageID: id.text, cancelled: isCertain, state: NotificationV1.MessageState(state))
      }
    }
  }
}
