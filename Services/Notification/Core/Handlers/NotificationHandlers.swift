import Crypto
import DomainModel
import RPC
import Storage
import Wire

/// What the queue's handlers hold. Each RPC is an extension in a file of its own name.
struct NotificationHandlers: NotificationV1.NotificationService {
  let store: NotificationStore
  let templates: MessageTemplates
  let time: any TimeSource
  let random: any RandomSource

  /// The call as the inbox knows it: a repeat with the same key gets the first answer.
  func inboxCall(
    _ request: some WireMessage, key: String, _ context: CallContext
  ) throws -> InboxCall {
    try InboxCall(
      caller: context.requireCaller().principal, method: context.method.path, key: key,
      fingerprint: DigestAlgorithm.sha256.digest(request.wireBytes()))
  }

  /// One page of messages by ascending id.
  func page(
    _ filter: MessageFilter, _ page: ModelV1.Page?
  ) async throws -> (messages: [NotificationV1.Message], nextToken: String) {
    let asked = try PageRequest(size: Int(page?.size ?? 0), token: page?.token ?? "")
    let found = try await self.store.messages(filter, after: asked.cursor, limit: asked.limit)
    let (rows, nextToken) = asked.page(found) { $0.id.text }
    return (rows.map(NotificationV1.Message.init), nextToken)
  }
}
