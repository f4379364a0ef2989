import DomainModel
import ServiceCore
import Storage

/// A class of messages that is not sent.
struct QueuePause: Hashable, Sendable {
  let messageClass: MessageTemplate.Class
  let pausedAt: Timestamp
  let pausedBy: String
  let reason: String
}

extension NotificationStore {
  private static let everyClass = MessageTemplate.Class.allCases.map(\.rawValue)

  /// What is not sent, by class.
  func pauses(_ snapshot: Snapshot) throws -> [QueuePause] {
    try snapshot.rows(
      """
      SELECT message_class, paused_at, paused_by, reason FROM queue_pause
      WHERE message_class IN \(values: Self.everyClass) ORDER BY message_class
      """
    ).map { row in
      QueuePause(
        messageClass: try row.choice("message_class"), pausedAt: try row.timestamp("paused_at"),
        pausedBy: try row.text("paused_by"), reason: try row.text("reason"))
    }
  }

  /// Sends no message of these classes from now on. One that is stopped already stays so, as it
  /// was.
  func pause(
    _ transaction: Transaction, _ classes: [MessageTemplate.Class], reason: String,
    _ stamp: Stamp
  ) throws {
    for messageClass in classes {
      let isNew = try transaction.changedRows(
        """
        INSERT INTO queue_pause (message_class, paused_at, paused_by, reason)
        VALUES (\(messageClass), \(stamp.now), \(stamp.actor.principal), \(reason))
        ON CONFLICT DO NOTHING
        """)
      if isNew > 0 { try self.note(transaction, "pause", messageClass, reason, stamp) }
    }
  }

  /// Sends them again.
  func resume(
    _ transaction: Transaction, _ classes: [MessageTemplate.Class], _ stamp: Stamp
  ) throws {
    for messageClass in classes {
      let was = try transaction.changedRows(
        "DELETE FROM queue_pause WHERE message_class = \(messageClass)")
      if was > 0 { try self.note(transaction, "resume", messageClass, "", stamp) }
    }
    transaction.signal(Self.due)
  }

  private func note(
    _ transaction: Transaction, _ action: String, _ messageClass: MessageTemplate.Class,
    _ reason: String, _ stamp: Stamp
  ) throws {
    try self.tables.history.append(
      transaction,
      HistoryEntry(
        action, of: "queue \(messageClass.rawValue)", by: stamp.actor, at: stamp.now,
        detail: reason))
  }
}
