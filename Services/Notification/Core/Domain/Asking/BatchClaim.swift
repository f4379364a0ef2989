import DomainModel

/// Many messages as a service asks for them: not yet checked.
struct BatchClaim: Hashable, Sendable {
  var messages: [Entry]

  /// A message and the caller's own key for it.
  struct Entry: Hashable, Sendable {
    var key: String
    var claim: MessageClaim
  }

  /// How many messages a batch has at most.
  static let messagesMax = 500
  /// How many characters a message's key has: as an idempotency key has.
  static let keyCharacters = 16...64

  /// Each message checked by itself; throws where the batch is no batch.
  func checked(
    _ templates: MessageTemplates, now: Timestamp
  ) throws -> [Checked] {
    var defects = DefectList()
    if self.messages.isEmpty { defects.add(.fieldMissing, at: "messages") }
    if self.messages.count > Self.messagesMax { defects.add(.messagesTooMany, at: "messages") }
    try defects.throwIfAny(.requestInvalid)
    return self.messages.map { $0.checked(templates, now: now) }
  }

  /// What came of checking one message.
  enum Checked: Sendable {
    case message(TimedMessage, key: String)
    case defective([ServiceError.Violation])
  }
}

extension BatchClaim.Entry {
  fileprivate func checked(
    _ templates: MessageTemplates, now: Timestamp
  ) -> BatchClaim.Checked {
    var defects = DefectList()
    MessageKey.check(self.key, at: "message_key", &defects)
    let message = self.claim.checked(templates, now: now, &defects)
    guard let message, defects.isEmpty else { return .defective(defects.violations) }
    return .message(message, key: self.key)
  }
}

/// A caller's own key for a message.
enum MessageKey {
  /// Notes what is wrong with it.
  static func check(_ key: String, at field: String, _ defects: inout DefectList) {
    let isKey =
      key.utf8.count <= BatchClaim.keyCharacters.upperBound * 4
      && BatchClaim.keyCharacters.contains(key.unicodeScalars.count)
    if !isKey { defects.add(.messageKeyInvalid, at: field) }
  }
}
