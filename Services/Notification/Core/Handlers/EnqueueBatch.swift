import DomainModel
import RPC
import ServiceCore
import Wire

extension NotificationHandlers {
  /// Queues what of a batch has no defects, in one transaction, and says of each message what became
  /// of it.
  func enqueueBatch(
    _ request: NotificationV1.EnqueueBatchRequest, _ context: CallContext
  ) async throws -> NotificationV1.EnqueueBatchResponse {
    try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let checked = try BatchClaim(request).checked(self.templates, now: call.now)
      let good = checked.compactMap { entry in
        if case .message(let message, let key) = entry { (message: message, key: key) } else { nil }
      }
      return try await call.commit { transaction, stamp in
        var queued = try self.store.enqueue(transaction, good, stamp)[...]
        return NotificationV1.EnqueueBatchResponse(
          results: checked.map { entry in
            switch entry {
            case .defective(let violations): NotificationV1.BatchMessageResult(violations)
            case .message(let message, _):
              NotificationV1.BatchMessageResult(
                queued.removeFirst(), segments: message.command.segments)
            }
          })
      }
    }
  }
}
