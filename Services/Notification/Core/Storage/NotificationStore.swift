import DomainModel
import ServiceCore
import Storage

/// The queue's database. A method that takes a transaction or a snapshot is a part of the one
/// closure of its caller; the others are whole transactions. Number and text are sealed.
struct NotificationStore: Sendable {
  /// Signalled by each commit that made a message due.
  static let due: Topic = "message_due"

  let tables: ServiceTables
  let phone: SealedColumn
  let text: SealedColumn

  init(_ store: any Store, sealer: any Sealer) {
    self.tables = ServiceTables(store, sealer: sealer)
    self.phone = SealedColumn(sealer, table: "message", column: "phone")
    self.text = SealedColumn(sealer, table: "message", column: "text")
  }

  var store: any Store { self.tables.store }

  /// Queues a message; returns its id.
  func enqueue(
    _ transaction: Transaction, _ command: MessageCommand, _ stamp: Stamp
  ) throws -> ID<Message> {
    try self.insert(transaction, command, nil, stamp)
  }

  /// Writes a message down, with its time and the key under which it waits where it is scheduled.
  func insert(
    _ transaction: Transaction, _ command: MessageCommand,
    _ scheduled: (time: SendingTime, key: String)?, _ stamp: Stamp
  ) throws -> ID<Message> {
    let id: ID<Message> = stamp.newID()
    let delivery = Delivery(queuedAt: stamp.now, in: scheduled?.time)
    try transaction.execute(
      """
      INSERT INTO message (message_id, reference, template_id, template_version, phone, text,
        segments, enqueued_at, state, attempts, failures, next_attempt_at, delivered_at,
        last_error, owner, fence, version, not_before, not_after, schedule_key)
      VALUES (\(id), \(command.reference), \(command.rendered.templateID),
        \(command.rendered.templateVersion),
        \(try self.phone.seal(command.phone.text, row: id.text)),
        \(try self.text.seal(command.rendered.text, row: id.text)), \(command.segments),
        \(stamp.now), \(delivery.state), \(delivery.attempts), \(delivery.failures),
        \(delivery.nextAttemptAt), NULL, '', '', 0, 1, \(scheduled?.time.notBefore),
        \(scheduled?.time.notAfter), \(scheduled?.key))
      """)
    try self.tables.history.append(
      transaction,
      HistoryEntry(
        scheduled == nil ? "enqueue" : "schedule", of: id.text, by: stamp.actor, at: stamp.now))
    transaction.signal(Self.due)
    return id
  }

  /// Puts dead letters back into the queue: all that are named, or none. Throws
  /// `MESSAGE_NOT_FOUND` and `MESSAGE_NOT_DEAD` with the `message_id`.
  func replay(_ transaction: Transaction, _ ids: [ID<Message>], _ stamp: Stamp) throws {
    for id in ids { try self.replay(transaction, id, stamp) }
    transaction.signal(Self.due)
  }

  private func replay(
    _ transaction: Transaction, _ id: ID<Message>, _ stamp: Stamp
  ) throws {
    let row = try transaction.row(
      """
      SELECT \(sql: Delivery.columns) FROM message WHERE message_id = \(id)
      """)
    guard let row else {
      throw ServiceError(.messageNotFound, metadata: ["message_id": id.text])
    }
    var delivery = try Delivery(row)
    do {
      try delivery.replay(at: stamp.now)
    } catch var error as ServiceError {
      error.metadata["message_id"] = id.text
      throw error
    }
    try self.save(transaction, delivery, of: id)
    try self.tables.history.append(
      transaction, HistoryEntry("replay", of: id.text, by: stamp.actor, at: stamp.now))
  }

  /// Writes a delivery down and ends the claim on its message.
  func save(_ transaction: Transaction, _ delivery: Delivery, of id: ID<Message>) throws {
    try transaction.execute(
      """
      UPDATE message SET state = \(delivery.storedState), ended_as = \(delivery.endedAs),
        attempts = \(delivery.attempts),
        failures = \(delivery.failures), next_attempt_at = \(delivery.nextAttemptAt),
        delivered_at = \(delivery.deliveredAt), last_error = \(delivery.lastError), owner = '',
        version = version + 1
      WHERE message_id = \(id)
      """)
  }
}

extension Delivery {
  /// What a delivery is read from.
  static let columns: SQL = """
    COALESCE(ended_as, state) AS state, attempts, failures, next_attempt_at, delivered_at, last_error
    """

  /// What `state` says: an end that the releases before did not know is a dead letter to them.
  fileprivate var storedState: MessageState {
    self.endedAs == nil ? self.state : .dead
  }

  fileprivate var endedAs: MessageState? {
    [.cancelled, .expired].contains(self.state) ? self.state : nil
  }

  init(_ row: Row) throws {
    self.init(
      state: try row.choice("state"),
      attempts: try row.int("attempts"),
      failures: try row.int("failures"), nextAttemptAt: try row.timestamp("next_attempt_at"),
      deliveredAt: try row.optionalTimestamp("delivered_at"),
      lastError: try row.text("last_error"))
  }
}
