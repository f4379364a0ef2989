import DomainModel
import ServiceCore
import Storage

extension NotificationStore {
  /// Makes messages those that wait under a key of the caller's. Returns their ids, and how many
  /// that waited under it were cancelled.
  func schedule(
    _ transaction: Transaction, _ command: ScheduleCommand, _ stamp: Stamp
  ) throws -> (ids: [ID<Message>], cancelled: Int) {
    let key = Self.scoped(command.key, stamp.actor)
    let waiting = try transaction.rows(
      """
      SELECT \(sql: QueuedMessage.columns) FROM message
      WHERE schedule_key = \(key) AND state = 'queued' ORDER BY message_id
      """
    ).map(QueuedMessage.init)
    var cancelled = 0
    for message in waiting where try self.cancel(transaction, message, stamp) { cancelled += 1 }
    try self.requireRoom(transaction, for: command.messages.count)
    let ids = try command.messages.map { message -> ID<Message> in
      let result = try self.insert(transaction, message, MessageKeys(schedule: key), stamp)
      guard case .new(let id) = result else { throw StorageError.serializationFailure }
      return id
    }
    if let first = ids.first { try self.countQueued(transaction, command.messages, for: first) }
    return (ids, cancelled)
  }

  /// Cancels the message under a caller's key; returns where it stands then, and whether it is certain
  /// that nobody gets it. Throws `MESSAGE_NOT_FOUND`.
  func cancel(
    _ transaction: Transaction, key: String, _ stamp: Stamp
  ) throws -> (id: ID<Message>, state: MessageState, isCertain: Bool) {
    let row = try transaction.row(
      """
      SELECT \(sql: QueuedMessage.columns) FROM message
      WHERE message_key = \(Self.scoped(key, stamp.actor))
      """)
    guard let message = try row.map(QueuedMessage.init) else {
      throw ServiceError(.messageNotFound)
    }
    let delivery = message.delivery
    guard delivery.state == .queued else {
      let isUnsent = delivery.state == .cancelled || delivery.attempts == 0
      return (message.id, delivery.state, delivery.state.isEnd && isUnsent)
    }
    guard try self.cancel(transaction, message, stamp) else {
      return (message.id, .queued, false)
    }
    return (message.id, .cancelled, !delivery.isInDoubt)
  }

  /// Cancels a message that is queued; false where the gateway has it just then. That cannot be called
  /// back: its time ends, so that it is not tried again.
  private func cancel(
    _ transaction: Transaction, _ message: QueuedMessage, _ stamp: Stamp
  ) throws -> Bool {
    guard message.owner.isEmpty else {
      try transaction.execute(
        "UPDATE message SET not_after = \(stamp.now) WHERE message_id = \(message.id)")
      return false
    }
    var delivery = message.delivery
    delivery.withdraw(as: .cancelled, at: stamp.now)
    try self.save(transaction, message, delivery, .called("cancel", stamp))
    return true
  }
}
