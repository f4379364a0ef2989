import DomainModel

/// What a number wants to be told, and when (短信定制化服务).
struct Preferences: Hashable, Sendable {
  /// Classes that are not sent, unless law demands the text.
  let switchedOff: Set<MessageTemplate.Class>
  /// Quiet hours of one's own, for every class but codes.
  let quietHours: QuietHours?

  /// Everything, at any hour.
  static let none = Preferences(switchedOff: [], quietHours: nil)

  /// Whether a message is not wanted. What law demands is sent whatever is wanted (rules.md,
  /// Notification), and so is a code, which somebody has just asked for.
  func refuses(_ messageClass: MessageTemplate.Class, isStatutory: Bool) -> Bool {
    !isStatutory && messageClass != .verification && self.switchedOff.contains(messageClass)
  }

  /// When quiet hours that hold for a message at an instant end; nil where none do.
  func quietEnd(
    _ messageClass: MessageTemplate.Class, at instant: Timestamp
  ) -> Timestamp? {
    messageClass == .verification ? nil : self.quietHours?.end(at: instant)
  }
}
