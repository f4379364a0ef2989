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

  /// Writes down what a message's delivery has become, and ends the claim on it. What follows from it
  /// goes with it: the counts, the turn of the next one to the same number, the history, and what the
  /// case is told.
  func save(
    _ transaction: Transaction, _ before: QueuedMessage, _ after: Delivery, _ cause: SavingCause
  ) throws {
    let isToWait = after.state == .queued && before.delivery.state == .queued
    try transaction.execute(
      """
      UPDATE message SET state = \(after.storedState), stage = \(after.storedStage),
        ended_as = \(after.storedEnd), attempts = \(after.attempts),
        failures = \(after.failures), next_attempt_at = \(after.nextAttemptAt),
        submitted_at = \(after.submittedAt), delivered_at = \(after.storedDelivery),
        ended_at = \(after.endedAt), last_error = \(after.lastError),
        in_doubt = \(after.isInDoubt), duplicates = \(after.possibleDuplicates),
        turn = \(isToWait ? before.turn : .waiting), owner = '', version = version + 1
      WHERE message_id = \(before.id)
      """)
    transaction.signal(Self.changed)
    if after.state == .queued { transaction.signal(Self.due) }
    let repeats = after.possibleDuplicates - before.delivery.possibleDuplicates
    if repeats > 0 {
      try self.count(transaction, [.possibleDuplicates: repeats], for: before.id)
    }
    if after.state != before.delivery.state {
      try self.follow(transaction, before, after, cause)
    }
  }

  private func follow(
    _ transaction: Transaction, _ before: QueuedMessage, _ after: Delivery, _ cause: SavingCause
  ) throws {
    try self.count(
      transaction,
      [
        .state(before.messageClass, before.delivery.state): -1,
        .state(before.messageClass, after.state): 1,
      ], for: before.id)
    if before.delivery.state == .queued {
      try self.passTurn(transaction, of: before.recipient, before.messageClass)
    }
    try self.note(transaction, before, after, cause)
    if let report = try ServiceReport(before, after)?.message() {
      try self.tables.outbox.enqueue(transaction, report, now: cause.instant)
    }
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
