import DomainModel
import RPC
import Wire

extension NotificationHandlers {
  /// One message.
  func getMessage(
    _ request: NotificationV1.GetMessageRequest, _ context: CallContext
  ) async throws -> NotificationV1.GetMessageResponse {
    let found = try await self.store.message(ID(request.messageID))
    guard let found else { throw ServiceError(.messageNotFound) }
    return NotificationV1.GetMessageResponse(message: NotificationV1.Message(found))
  }
}
