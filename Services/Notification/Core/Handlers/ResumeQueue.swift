import DomainModel
import RPC
import ServiceCore
import Wire

extension NotificationHandlers {
  /// Sends messages of some classes, or of all, again.
  func resumeQueue(
    _ request: NotificationV1.ResumeQueueRequest, _ context: CallContext
  ) async throws -> NotificationV1.ResumeQueueResponse {
    try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      var defects = DefectList()
      let classes = Self.checked(request.classes, at: "classes", &defects)
      try defects.throwIfAny(.requestInvalid)
      return try await call.commit { transaction, stamp in
        try self.store.resume(
          transaction, classes.isEmpty ? MessageTemplate.Class.allCases : classes, stamp)
        return NotificationV1.ResumeQueueResponse(
          pauses: try self.store.pauses(transaction).map(NotificationV1.QueuePause.init))
      }
    }
  }
}
