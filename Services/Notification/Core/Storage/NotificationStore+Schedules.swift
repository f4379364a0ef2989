import DomainModel
import ServiceCore
import Storage

extension NotificationStore {
  /// Makes messages those that wait under a key of the caller's. Returns their ids, and how many
  /// that waited under it were cancelled.
  func schedule(
    _ transaction: Transaction, _ command: ScheduleCommand, _ stamp: Stamp
  ) throws -> (ids: [ID<Message>], cancelled: Int) {
    // Each caller's keys are its own.
    let key = "\(stamp.actor.principal) \(command.key)"
    let cancelled = try self.cancel(transaction, under: key, stamp)
    let ids = try command.messages.map { entry in
      try self.insert(transaction, entry.command, (entry.time, key), stamp)
    }
    return (ids, cancelled)
  }

  /// Cancels what waits under a key. What the gateway has just then cannot be called back; its time
  /// ends, so that it is not tried again.
  private func cancel(
    _ transaction: Transaction, under key: String, _ stamp: Stamp
  ) throws -> Int {
    let rows = try transaction.rows(
      """
      SELECT message_id, owner, \(sql: Delivery.columns) FROM message
      WHERE schedule_key = \(key) AND state = 'queued'
      ORDER BY message_id
      """)
    var cancelled = 0
    for row in rows {
      let id = try row.id("message_id", of: Message.self)
      guard try row.text("owner").isEmpty else {
        try transaction.execute(
          "UPDATE message SET not_after = \(stamp.now) WHERE message_id = \(id)")
        continue
      }
      var delivery = try Delivery(row)
      delivery.withdraw(as: .cancelled)
      try self.save(transaction, delivery, of: id)
      try self.tables.history.append(
        transaction, HistoryEntry("cancel", of: id.text, by: stamp.actor, at: stamp.now))
      cancelled += 1
    }
    return cancelled
  }

  /// Ends a message that was not sent in its time.
  func expire(
    _ transaction: Transaction, _ id: ID<Message>, _ delivery: Delivery, at now: Timestamp
  ) throws {
    var delivery = delivery
    delivery.withdraw(as: .expired)
    try self.save(transaction, delivery, of: id)
    try self.tables.history.append(
      transaction, HistoryEntry("expire", of: id.text, by: .system, at: now))
  }
}
