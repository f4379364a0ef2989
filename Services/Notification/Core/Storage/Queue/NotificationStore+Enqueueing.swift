import DomainModel
import ServiceCore
import Storage

/// Under what a message is found again.
struct MessageKeys: Sendable {
  /// The caller's own key for it.
  var message: String?
  /// What it waits under with others.
  var schedule: String?
}

/// What came of queueing a message.
enum Enqueued: Sendable {
  case new(ID<Message>)
  /// The same one is there already.
  case repeated(ID<Message>)
  /// Another one is there under its key.
  case keyReused
}

extension NotificationStore {
  /// A caller's key in the scope of the caller.
  static func scoped(_ key: String, _ actor: Actor) -> String { "\(actor.principal) \(key)" }

  /// Queues a message under the caller's key; returns its id. Throws `IDEMPOTENCY_KEY_REUSED` where
  /// another one has the key, and `OVERLOADED`.
  func enqueue(
    _ transaction: Transaction, _ message: TimedMessage, key: String, _ stamp: Stamp
  ) throws -> ID<Message> {
    try self.requireRoom(transaction, for: 1)
    switch try self.insert(transaction, message, MessageKeys(message: key), stamp) {
    case .new(let id):
      try self.countQueued(transaction, [message], for: id)
      return id
    case .repeated(let id): return id
    case .keyReused: throw ServiceError(.idempotencyKeyReused)
    }
  }

  /// Queues many; what came of each, in order. Throws `OVERLOADED`.
  func enqueue(
    _ transaction: Transaction, _ messages: [(message: TimedMessage, key: String)], _ stamp: Stamp
  ) throws -> [Enqueued] {
    try self.requireRoom(transaction, for: messages.count)
    var (new, newest): ([TimedMessage], ID<Message>?) = ([], nil)
    let results = try messages.map { message, key in
      let result = try self.insert(transaction, message, MessageKeys(message: key), stamp)
      if case .new(let id) = result {
        new.append(message)
        newest = id
      }
      return result
    }
    if let newest { try self.countQueued(transaction, new, for: newest) }
    return results
  }

  /// Writes a message down; the caller counts it.
  func insert(
    _ transaction: Transaction, _ message: TimedMessage, _ keys: MessageKeys, _ stamp: Stamp
  ) throws -> Enqueued {
    let id: ID<Message> = stamp.newID()
    let (command, time) = (message.command, message.time)
    let delivery = Delivery(queuedAt: stamp.now, in: time)
    let key = keys.message.map { Self.scoped($0, stamp.actor) }
    let inserted = try transaction.changedRows(
      """
      INSERT INTO message (message_id, reference, template_id, template_version, phone, text,
        segments, enqueued_at, state, attempts, failures, next_attempt_at, delivered_at,
        last_error, owner, fence, version, not_before, not_after, schedule_key, message_class,
        statutory, operator, message_key)
      VALUES (\(id), \(command.reference), \(command.rendered.templateID),
        \(command.rendered.templateVersion),
        \(try self.phone.seal(command.phone.text, row: id.text)),
        \(try self.text.seal(command.rendered.text, row: id.text)), \(command.segments),
        \(stamp.now), \(delivery.state), \(delivery.attempts), \(delivery.failures),
        \(delivery.nextAttemptAt), NULL, '', '', 0, 1, \(time.notBefore), \(time.notAfter),
        \(keys.schedule), \(command.messageClass), \(command.isStatutory),
        \(self.rules.operators.of(command.phone)), \(key))
      ON CONFLICT DO NOTHING
      """)
    guard inserted > 0 else { return try self.found(transaction, message, under: key) }
    try self.tables.history.append(
      transaction,
      HistoryEntry(
        keys.schedule == nil ? "enqueue" : "schedule", of: id.text, by: stamp.actor,
        at: stamp.now), isFirst: true)
    transaction.signal(Self.due)
    transaction.signal(Self.changed)
    return .new(id)
  }

  func countQueued(
    _ transaction: Transaction, _ messages: [TimedMessage], for id: ID<Message>
  ) throws {
    let counts = Dictionary(grouping: messages, by: \.command.messageClass)
      .map { (QueueCounter.state($0, .queued), $1.count) }
    try self.count(transaction, Dictionary(uniqueKeysWithValues: counts), for: id)
  }

  /// Whether what stands under a key is this message: no hash of it is kept, which in clear would
  /// confirm a guess of the number.
  private func found(
    _ transaction: Transaction, _ message: TimedMessage, under key: String?
  ) throws -> Enqueued {
    let row = try transaction.row(
      """
      SELECT message_id, reference, template_id, template_version, phone, text, not_before,
        not_after
      FROM message WHERE message_key = \(key)
      """)
    // Another transaction is writing it: run again and find it.
    guard let row else { throw StorageError.serializationFailure }
    let id: ID<Message> = try row.id("message_id")
    let command = message.command
    let hasSameText =
      try row.int("template_version") != command.rendered.templateVersion
      || self.text.openText(row.bytes("text"), row: id.text) == command.rendered.text
    let isSame =
      try row.text("reference") == command.reference
      && row.text("template_id") == command.rendered.templateID
      && self.phone.openText(row.bytes("phone"), row: id.text) == command.phone.text
      && row.optionalTimestamp("not_before") == message.time.notBefore
      && row.optionalTimestamp("not_after") == message.time.notAfter && hasSameText
    return isSame ? .repeated(id) : .keyReused
  }
}
