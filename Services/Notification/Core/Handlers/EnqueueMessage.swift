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
      let command = try MessageClaim(request).checked(self.templates)
      return try await call.commit { transaction, stamp in
        let id = try self.store.enqueue(transaction, command, stamp)
        return NotificationV1.EnqueueMessageResponse(
          messageID: id.text, segments: Int32(command.segments))
      }
    }
  }
}
