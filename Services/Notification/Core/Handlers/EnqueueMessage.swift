import DomainModel
import RPC
import ServiceCore
import Wire

extension NotificationHandlers {
  /// Queues one message; it is on stable storage when this answers.
  func enqueueMessage(
    _ request: NotificationV1.EnqueueMessageRequest, _ context: CallContext
  ) async throws -> NotificationV1.EnqueueMessageResponse {
    let caller = try context.requireCaller()
    return try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let command = try MessageClaim(request).checked(self.templates)
      let now = self.time.now()
      let id = ID<Message>(now: now, random: self.random)
      return try await self.store.enqueue(
        command, as: id, call, by: caller.principal, now: now
      ) { id in
        try NotificationV1.EnqueueMessageResponse(
          messageID: id.text, segments: Int32(command.segments)
        ).wireBytes()
      }
    }
  }
}
