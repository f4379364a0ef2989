public import DomainModel

/// A call to another service that must happen, written in the transaction that made it necessary.
public struct OutboxMessage: Hashable, Sendable {
  /// The row's number; messages of one lane are sent in its order.
  public var id: Int64
  /// What must stay in order: usually one entity's id and the destination. All messages of a lane
  /// go to one destination.
  public var lane: String
  /// Which service: a name that the dispatcher's `send` knows.
  public var destination: String
  /// The method's path, `/package.Service/Method`.
  public var method: String
  /// The encoded request.
  public var payload: [UInt8]
  /// The receiver's idempotency key: the same at every try (16 to 64 characters).
  public var idempotencyKey: String
  /// When it was written.
  public var createdAt: Timestamp
  /// How often sending has failed so far.
  public var attempts: Int

  /// A message to enqueue; the row's number is given by the store.
  public init(
    lane: String, destination: String, method: String, payload: [UInt8], idempotencyKey: String
  ) {
    self.id = 0
    self.lane = lane
    self.destination = destination
    self.method = method
    self.payload = payload
    self.idempotencyKey = idempotencyKey
    self.createdAt = Timestamp(milliseconds: 0)
    self.attempts = 0
  }
}

/// A message that waits for a person: its receiver refused it for good, or it cannot be read.
public struct ParkedMessage: Hashable, Sendable {
  /// The row's number.
  public var id: Int64
  /// Its lane, which stands still until it is unparked or dropped.
  public var lane: String
  /// Which service.
  public var destination: String
  /// The method's path.
  public var method: String
  /// When it was written.
  public var createdAt: Timestamp
  /// Why it was parked; no personal data.
  public var reason: String
  /// How many messages stand behind it in its lane.
  public var behind: Int
}

/// How much waits in an outbox.
public struct OutboxDepth: Hashable, Sendable {
  /// Messages not delivered yet, parked ones included.
  public var messages: Int
  /// Of them, parked.
  public var parked: Int
  /// When the oldest message was written; nil if there is none.
  public var oldest: Timestamp?
}
