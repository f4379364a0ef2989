import DomainModel

/// A message as it is kept.
struct Message: Hashable, Sendable {
  let id: ID<Message>
  /// What it is about, such as an application's id.
  let reference: String
  let templateID: String
  let templateVersion: Int
  let messageClass: MessageTemplate.Class
  /// Whether law demands it.
  let isStatutory: Bool
  /// Nil once it is erased.
  let phone: PhoneNumber?
  /// The text as sent, signature included; empty once it is erased.
  let text: String
  let segments: Int
  let enqueuedAt: Timestamp
  let time: SendingTime
  let delivery: Delivery
  let erasedAt: Timestamp?
  /// Grows with each change.
  let version: Int64
}

/// One try to send a message, as the ledger has it.
struct LedgerEntry: Hashable, Sendable {
  let number: Int
  let gateway: String
  let beganAt: Timestamp
  /// When the provider answered; nil while it has not.
  let endedAt: Timestamp?
  let state: TryState
  /// The gateway's code; empty where there was no error.
  let errorCode: String
  let segments: [SegmentRecord]
}
