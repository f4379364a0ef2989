import DomainModel
import RPC
import Wire

extension NotificationHandlers {
  /// Messages by ascending id: all, or those about one thing.
  func listMessages(
    _ request: NotificationV1.ListMessagesRequest, _ context: CallContext
  ) async throws -> NotificationV1.ListMessagesResponse {
    var defects = DefectList()
    defects.add(
      TextRules.defects(
        of: request.reference, charactersMax: MessageClaim.referenceCharactersMax,
        isRequired: false), at: "reference")
    try defects.throwIfAny(.requestInvalid)
    let page = try await self.page(
      request.reference.isEmpty ? .all : .reference(request.reference), request.page)
    return NotificationV1.ListMessagesResponse(
      messages: page.messages, nextPageToken: page.nextToken)
  }
}
