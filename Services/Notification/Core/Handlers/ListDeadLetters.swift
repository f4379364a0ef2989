import DomainModel
import RPC
import Wire

extension NotificationHandlers {
  /// Messages that were given up, by ascending id.
  func listDeadLetters(
    _ request: NotificationV1.ListDeadLettersRequest, _ context: CallContext
  ) async throws -> NotificationV1.ListDeadLettersResponse {
    let page = try await self.page(.dead, request.page)
    return NotificationV1.ListDeadLettersResponse(
      messages: page.messages, nextPageToken: page.nextToken)
  }
}
