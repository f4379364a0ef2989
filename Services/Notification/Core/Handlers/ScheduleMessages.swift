import DomainModel
import RPC
import ServiceCore
import Wire

extension NotificationHandlers {
  /// Makes these the messages that wait under a key; what waited under it before is cancelled.
  func scheduleMessages(
    _ request: NotificationV1.ScheduleMessagesRequest, _ context: CallContext
  ) async throws -> NotificationV1.ScheduleMessagesResponse {
    try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let command = try ScheduleClaim(request).checked(self.templates, now: call.now)
      return try await call.commit { transaction, stamp in
        let (ids, cancelled) = try self.store.schedule(transaction, command, stamp)
        return NotificationV1.ScheduleMessagesResponse(
          messageIDs: ids.map(\.text), cancelled: Int32(clamping: cancelled))
      }
    }
  }
}
