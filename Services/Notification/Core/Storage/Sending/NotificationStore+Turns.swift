import DomainModel
import ServiceCore
import Storage

/// The order of one recipient: of each class one message at a time is sent or tried again, and the
/// others wait behind it where no claim looks.
extension NotificationStore {
  /// Whether a message of the class is being sent to the recipient, or tried again.
  func isTaken(
    _ transaction: Transaction, _ recipient: ID<Person>, _ messageClass: MessageTemplate.Class
  ) throws -> Bool {
    try transaction.exists(
      """
      SELECT 1 FROM message WHERE person_id = \(recipient) AND message_class = \(messageClass)
        AND turn = 1 AND state = 'queued' AND turn > 0
      """)
  }

  /// A message waits behind the one that is being sent.
  func wait(
    _ transaction: Transaction, _ message: QueuedMessage, _ recipient: ID<Person>
  ) throws {
    try transaction.execute(
      """
      UPDATE message SET turn = \(QueuedMessage.Turn.behind), person_id = \(recipient)
      WHERE message_id = \(message.id)
      """)
  }

  /// A message to the recipient waits no more: the one that waits longest behind it has its turn.
  func passTurn(
    _ transaction: Transaction, of recipient: ID<Person>?, _ messageClass: MessageTemplate.Class
  ) throws {
    // Nobody waits behind one that was never claimed.
    guard let recipient else { return }
    let moved = try transaction.changedRows(
      """
      UPDATE message SET turn = 0 WHERE message_id = (
        SELECT message_id FROM message WHERE person_id = \(recipient)
          AND message_class = \(messageClass) AND turn = 2 AND state = 'queued' AND turn > 0
        ORDER BY next_attempt_at, message_id LIMIT 1)
      """)
    if moved > 0 { transaction.signal(Self.due) }
  }
}
