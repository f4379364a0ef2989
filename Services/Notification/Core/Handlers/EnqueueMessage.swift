import DomainModel
import RPC
import Wire

extension NotificationHandlers {
  /// Queues one message; it is on stable storage when this answers.
  func enqueueMessage(
    _ request: NotificationV1.EnqueueMessageRequest, _ context: CallContext
  ) async throws -> NotificationV1.EnqueueMessageResponse {
    let caller = try context.requireCaller()
    let call = try self.inboxCall(request, key: request.idempotencyKey, context)
    let command = try MessageClaim(request).checked(self.templates)
    let now = self.time.now()
    let id = ID<Message>(now: now, random: self.random)
    let reply = try await self.store.enqueue(
      command, as: id, call, by: caller.principal, now: now
    ) { id in
      try NotificationV1.EnqueueMessageResponse(
        messageID: id.text, segments: Int32(command.segments)
      ).wireBytes()
    }
    return try NotificationV1.EnqueueMessageResponse(wireBytes: reply)
  }
}
