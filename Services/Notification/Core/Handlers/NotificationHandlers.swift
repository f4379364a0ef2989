import DomainModel
import ServiceCore
import Wire

/// What the queue's handlers hold. Each RPC is an extension in a file of its own name.
struct NotificationHandlers: NotificationV1.NotificationService {
  let store: NotificationStore
  let once: AnswerOnce
  let templates: MessageTemplates
  let time: any TimeSource
  let watches = CallSlots(.watches)

  /// One page of messages by ascending id.
  func page(
    _ filter: MessageFilter, _ page: ModelV1.Page?
  ) async throws -> (messages: [NotificationV1.Message], nextToken: String) {
    let asked = try PageRequest(page)
    let found = try await self.store.messages(filter, after: asked.cursor, limit: asked.limit)
    let (rows, nextToken) = asked.page(found) { $0.id.text }
    return (rows.map(NotificationV1.Message.init), nextToken)
  }

  /// A number that a caller names; throws with what is wrong with it.
  static func checkedPhone(_ text: String) throws -> PhoneNumber {
    var defects = DefectList()
    let phone = defects.take(PhoneNumber.check(text), at: "phone")
    try defects.throwIfAny(.requestInvalid)
    guard let phone else { throw ServiceError(.requestInvalid) }
    return phone
  }
}

extension CallLimits {
  /// Watches: each reads what it watches as it changes.
  fileprivate static let watches = CallLimits(total: 200, ofApplicant: 0, ofOthers: 100)
}
