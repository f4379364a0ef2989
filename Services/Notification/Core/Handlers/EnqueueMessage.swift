import DomainModel
import RPC
import ServiceCore
import Wire

extension NotificationHandlers {
  /// Queues one message; it is on stable storage when this answers.
  func enqueueMessage(
    _ request: NotificationV1.EnqueueMessageRequest, _ context: CallContext
  ) async throws -> NotificationV1.EnqueueMessageResponse {
    try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let message = try MessageClaim(request).checked(self.templates, now: call.now)
      return try await call.commit { transaction, stamp in
        let id = try self.store.enqueue(
          transaction, message, key: request.idempotencyKey, stamp)
        return NotificationV1.EnqueueMessageResponse(
          messageID: id.text, segments: Int32(message.command.segments))
      }
    }
  }
}
