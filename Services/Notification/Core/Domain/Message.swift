import DomainModel

/// A message as it is kept.
struct Message: Hashable, Sendable {
  let id: ID<Message>
  /// What it is about, such as an application's id.
  let reference: String
  let templateID: String
  let templateVersion: Int
  let phone: PhoneNumber
  /// The text as sent, signature included.
  let text: String
  let segments: Int
  let enqueuedAt: Timestamp
  /// Nil where it was to be sent at once.
  let time: SendingTime?
  let delivery: Delivery
}
