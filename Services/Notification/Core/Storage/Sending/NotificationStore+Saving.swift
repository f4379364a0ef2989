import DomainModel
import ServiceCore
import Storage

/// Why a message's row is written.
enum SavingCause: Sendable {
  /// A caller did something.
  case called(String, Stamp)
  /// The queue itself did.
  case happened(at: Timestamp)
}

extension NotificationStore {
  /// The row of a message; nil if there is none.
  func row(_ snapshot: Snapshot, _ id: ID<Message>) throws -> QueuedMessage? {
    try snapshot.row(
      "SELECT \(sql: QueuedMessage.columns) FROM message WHERE message_id = \(id)"
    ).map(QueuedMessage.init)
  }

  /// The rows of messages by their ids; those that there are.
  func rows(
    _ snapshot: Snapshot, _ ids: [ID<Message>]
  ) throws -> [ID<Message>: QueuedMessage] {
    var rows: [ID<Message>: QueuedMessage] = [:]
    for chunk in RowChunks.padded(ids) {
      for row in try snapshot.rows(
        "SELECT \(sql: QueuedMessage.columns) FROM message WHERE message_id IN \(values: chunk)")
      {
        let message = try QueuedMessage(row)
        rows[message.id] = message
      }
    }
    return rows
  }

  /// As `save(_:_:_:_:_:)`, and counts it.
  func save(
    _ transaction: Transaction, _ before: QueuedMessage, _ after: Delivery, _ cause: SavingCause
  ) throws {
    var changes = QueueChanges()
    try self.save(transaction, before, after, cause, &changes)
    try self.count(transaction, changes, for: before.id)
  }

  /// Writes down what a message's delivery has become, and ends the claim on it. What follows from
  /// it goes with it: the turn of the next one to the same number, the history, and what the case
  /// is told. What is to be counted is added to `changes`.
  func save(
    _ transaction: Transaction, _ before: QueuedMessage, _ after: Delivery, _ cause: SavingCause,
    _ changes: inout QueueChanges
  ) throws {
    let report = try ServiceReport(before, after)?.message()
    let isToWait = after.state == .queued && before.delivery.state == .queued
    try transaction.execute(
      """
      UPDATE message SET state = \(after.storedState), stage = \(after.storedStage),
        ended_as = \(after.storedEnd), attempts = \(after.attempts),
        failures = \(after.failures), next_attempt_at = \(after.nextAttemptAt),
        submitted_at = \(after.submittedAt), delivered_at = \(after.storedDelivery),
        ended_at = \(after.endedAt), last_error = \(after.lastError),
        in_doubt = \(after.isInDoubt), duplicates = \(after.possibleDuplicates),
        turn = \(isToWait ? before.turn : .waiting), told = \(before.isTold || report != nil),
        owner = '', version = version + 1
      WHERE message_id = \(before.id)
      """)
    transaction.signal(Self.changed)
    if after.state == .queued { transaction.signal(Self.due) }
    changes.add(
      .possibleDuplicates, after.possibleDuplicates - before.delivery.possibleDuplicates)
    if after.state != before.delivery.state {
      changes.add(.state(before.messageClass, before.delivery.state), -1)
      changes.add(.state(before.messageClass, after.state), 1)
      try self.follow(transaction, before, after, cause)
    }
    if let report {
      try self.tables.outbox.enqueue(transaction, report, now: cause.instant)
    }
  }

  private func follow(
    _ transaction: Transaction, _ before: QueuedMessage, _ after: Delivery, _ cause: SavingCause
  ) throws {
    if before.delivery.state == .queued {
      try self.passTurn(transaction, of: before.recipient, before.messageClass)
    }
    try self.note(transaction, before, after, cause)
  }

  /// The history has what callers did, and how it ended; the tries stand in the ledger.
  private func note(
    _ transaction: Transaction, _ before: QueuedMessage, _ after: Delivery, _ cause: SavingCause
  ) throws {
    switch cause {
    case .called(let action, let stamp):
      try self.tables.history.append(
        transaction, HistoryEntry(action, of: before.id.text, by: stamp.actor, at: stamp.now))
    case .happened(let now):
      guard after.state.isEnd else { return }
      let action = after.state == .expired ? "expire" : after.state.rawValue
      try self.tables.history.append(
        transaction,
        HistoryEntry(
          action, of: before.id.text, by: .system, at: now, detail: after.lastError))
    }
  }
}

extension SavingCause {
  /// When it is written.
  var instant: Timestamp {
    switch self {
    case .called(_, let stamp): stamp.now
    case .happened(let now): now
    }
  }
}
