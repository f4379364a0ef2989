import DomainModel
import ServiceCore
import Storage

/// What is forgotten in time, in steps that hold the writer only shortly. Each returns how many
/// rows it changed; call it again while that is `stepMax`.
extension NotificationStore {
  /// How many rows one step changes at most.
  static let retentionStepMax = 200
  /// How long number and text are kept after a message's end, in months (《通信短信息服务管理规定》: at
  /// least five).
  static let keptMonths = 5
  /// How long receipts are kept whose message nobody knows, in milliseconds: longer than networks
  /// keep a text.
  static let earlyReceiptsMs: Int64 = 5 * 86_400_000
  /// How long it is kept how much a number got, in milliseconds: longer than the longest window.
  static let usesMs: Int64 = 2 * 86_400_000

  /// Erases numbers and texts of messages that ended five months ago. What is left is the proof of
  /// service: which text, when, and how it ended.
  func eraseOld(at now: Timestamp) async throws -> Int {
    let before = CivilDate(of: now).adding(months: -Self.keptMonths).startOfDay
    return try await self.store.write { transaction in
      let rows = try transaction.rows(
        """
        SELECT message_id, person_id FROM message
        WHERE ended_at < \(before) AND ended_at IS NOT NULL AND erased_at IS NULL
        ORDER BY ended_at LIMIT \(Self.retentionStepMax)
        """)
      var recipients: [ID<Person>] = []
      for row in rows {
        let id: ID<Message> = try row.id("message_id")
        try transaction.execute(
          """
          UPDATE message SET phone = \(try self.phone.seal("", row: id.text)),
            text = \(try self.text.seal("", row: id.text)), message_key = NULL, person_id = NULL,
            erased_at = \(now), version = version + 1
          WHERE message_id = \(id)
          """)
        if let person: ID<Person> = try row.optionalID("person_id") { recipients.append(person) }
      }
      for recipient in Set(recipients).sorted(by: { $0.text < $1.text }) {
        try self.forget(transaction, recipient)
      }
      return rows.count
    }
  }

  /// Forgets a recipient whom nothing is kept for any more.
  private func forget(_ transaction: Transaction, _ recipient: ID<Person>) throws {
    let isNeeded =
      try transaction.exists(
        "SELECT 1 FROM message WHERE person_id = \(recipient) AND erased_at IS NULL")
      || transaction.exists("SELECT 1 FROM preference WHERE person_id = \(recipient)")
      || transaction.exists("SELECT 1 FROM phone_proof WHERE person_id = \(recipient)")
    if isNeeded { return }
    try transaction.execute("DELETE FROM recipient_use WHERE person_id = \(recipient)")
    try transaction.execute("DELETE FROM phone_code WHERE person_id = \(recipient)")
    try transaction.execute("DELETE FROM person_key WHERE person_id = \(recipient)")
    try transaction.execute("DELETE FROM person WHERE person_id = \(recipient)")
  }

  /// Ends the wait for receipts that did not come in time.
  func stopWaiting(at now: Timestamp) async throws -> Int {
    try await self.store.write { transaction in
      let rows = try transaction.rows(
        """
        SELECT \(sql: QueuedMessage.columns) FROM message
        WHERE stage = 'submitted' AND next_attempt_at <= \(now)
        ORDER BY next_attempt_at LIMIT \(Self.retentionStepMax)
        """
      ).map(QueuedMessage.init)
      for message in rows {
        var delivery = message.delivery
        delivery.stopWaiting(at: now)
        try self.save(transaction, message, delivery, .happened(at: now))
      }
      return rows.count
    }
  }

  /// Forgets what is kept for a while only.
  func purge(at now: Timestamp) async throws -> Int {
    try await self.store.write { transaction in
      let receipts = try transaction.changedRows(
        """
        DELETE FROM early_receipt WHERE receipt_id IN (
          SELECT receipt_id FROM early_receipt
          WHERE received_at < \(now.adding(milliseconds: -Self.earlyReceiptsMs))
          ORDER BY received_at LIMIT \(Self.retentionStepMax))
        """)
      let uses = try transaction.changedRows(
        """
        DELETE FROM recipient_use WHERE (person_id, name) IN (
          SELECT person_id, name FROM recipient_use
          WHERE window_start < \(now.adding(milliseconds: -Self.usesMs))
          ORDER BY window_start LIMIT \(Self.retentionStepMax))
        """)
      let codes = try transaction.changedRows(
        """
        DELETE FROM phone_code WHERE (person_id, principal) IN (
          SELECT person_id, principal FROM phone_code WHERE valid_to < \(now)
          ORDER BY valid_to LIMIT \(Self.retentionStepMax))
        """)
      return max(receipts, uses, codes)
    }
  }
}
