import DomainModel
import Storage

/// The queue's rows. A method is one transaction; its SQL stands in it. Number and text are sealed.
struct NotificationStore: Sendable {
  /// Signalled by each commit that made a message due.
  static let due: Topic = "message_due"

  let store: any Store
  let inbox: Inbox
  let history: History
  let phone: SealedColumn
  let text: SealedColumn

  init(_ store: any Store, sealer: any Sealer) {
    self.store = store
    self.inbox = Inbox(sealer: sealer)
    self.history = History(sealer: sealer)
    self.phone = SealedColumn(sealer, table: "message", column: "phone")
    self.text = SealedColumn(sealer, table: "message", column: "text")
  }

  /// Queues a message; answers with what `reply` makes of it.
  func enqueue(
    _ command: MessageCommand, as id: ID<Message>, _ call: InboxCall, by actor: String,
    now: Timestamp, reply: @escaping @Sendable (ID<Message>) throws -> [UInt8]
  ) async throws -> [UInt8] {
    try await self.store.write { transaction in
      try self.inbox.answerOnce(transaction, call, now: now) {
        let delivery = Delivery(queuedAt: now)
        try transaction.execute(
          """
          INSERT INTO message (message_id, reference, template_id, template_version, phone, text,
            segments, enqueued_at, state, attempts, failures, next_attempt_at, delivered_at,
            last_error, owner, fence, version)
          VALUES (\(id), \(command.reference), \(command.rendered.templateID),
            \(command.rendered.templateVersion),
            \(try self.phone.seal(command.phone.text, row: id.text)),
            \(try self.text.seal(command.rendered.text, row: id.text)), \(command.segments),
            \(now), \(delivery.state), \(delivery.attempts), \(delivery.failures),
            \(delivery.nextAttemptAt), NULL, '', '', 0, 1)
          """)
        try self.history.append(
          transaction, HistoryEntry(entity: id.text, at: now, actor: actor, action: "enqueue"))
        transaction.signal(Self.due)
        return try reply(id)
      }
    }
  }

  /// Puts dead letters back into the queue: all that are named, or none. Answers with what `reply`
  /// makes of their number. Throws `MESSAGE_NOT_FOUND` and `MESSAGE_NOT_DEAD` with the
  /// `message_id`.
  func replay(
    _ ids: [ID<Message>], _ call: InboxCall, by actor: String, now: Timestamp,
    reply: @escaping @Sendable (Int) throws -> [UInt8]
  ) async throws -> [UInt8] {
    try await self.store.write { transaction in
      try self.inbox.answerOnce(transaction, call, now: now) {
        for id in ids { try self.replay(transaction, id, by: actor, now: now) }
        transaction.signal(Self.due)
        return try reply(ids.count)
      }
    }
  }

  private func replay(
    _ transaction: Transaction, _ id: ID<Message>, by actor: String, now: Timestamp
  ) throws {
    let row = try transaction.row(
      """
      SELECT state, attempts, failures, next_attempt_at, delivered_at, last_error FROM message
      WHERE message_id = \(id)
      """)
    guard let row else {
      throw ServiceError(.messageNotFound, metadata: ["message_id": id.text])
    }
    var delivery = try Delivery(row)
    do {
      try delivery.replay(at: now)
    } catch var error as ServiceError {
      error.metadata["message_id"] = id.text
      throw error
    }
    try self.save(transaction, delivery, of: id)
    try self.history.append(
      transaction, HistoryEntry(entity: id.text, at: now, actor: actor, action: "replay"))
  }

  /// Writes a delivery down and ends the claim on its message.
  func save(_ transaction: Transaction, _ delivery: Delivery, of id: ID<Message>) throws {
    try transaction.execute(
      """
      UPDATE message SET state = \(delivery.state), attempts = \(delivery.attempts),
        failures = \(delivery.failures), next_attempt_at = \(delivery.nextAttemptAt),
        delivered_at = \(delivery.deliveredAt), last_error = \(delivery.lastError), owner = '',
        version = version + 1
      WHERE message_id = \(id)
      """)
  }
}

extension Delivery {
  init(_ row: Row) throws {
    self.init(
      state: try row.choice("state"), attempts: try row.int("attempts"),
      failures: try row.int("failures"), nextAttemptAt: try row.timestamp("next_attempt_at"),
      deliveredAt: try row.optionalTimestamp("delivered_at"),
      lastError: try row.text("last_error"))
  }
}
