import DomainModel
import RPC
import Wire

extension NotificationHandlers {
  /// One message, and the ledger of its tries.
  func getMessage(
    _ request: NotificationV1.GetMessageRequest, _ context: CallContext
  ) async throws -> NotificationV1.GetMessageResponse {
    let found = try await self.store.messageAndTries(ID(request.messageID))
    guard let (message, tries) = found else { throw ServiceError(.messageNotFound) }
    var answer = NotificationV1.Message(message)
    answer.tries = tries.map(NotificationV1.MessageTry.init)
    return NotificationV1.GetMessageResponse(message: answer)
  }
}
