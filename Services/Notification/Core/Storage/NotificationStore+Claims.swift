import DomainModel
import ServiceCore
import Storage

/// A message that this process may try until its lease ends; number and text still sealed.
struct ClaimedMessage: Sendable {
  let id: ID<Message>
  let fence: Int64
  /// Nobody else tries it before.
  let leaseUntil: Timestamp
  /// The number of this try, from 1.
  let attempt: Int
  let sealedPhone: [UInt8]
  let sealedText: [UInt8]
}

/// What one claim found.
struct Claim: Sendable {
  var messages: [ClaimedMessage]
  /// When the next message becomes due by itself; nil if none will.
  var nextDueAt: Timestamp?
}

extension NotificationStore {
  /// Claims up to `limit` messages that are due, longest due first, and begins a try of each in the
  /// ledger. Those whose time is over end here.
  func claim(
    by owner: String, through gateway: String, limit: Int, leaseMs: Int64
  ) async throws -> Claim {
    try await self.store.write { transaction in
      let now = try transaction.databaseNow()
      let rows = try transaction.rows(
        """
        SELECT message_id, phone, text, fence, not_after, \(sql: Delivery.columns)
        FROM message WHERE state = 'queued' AND next_attempt_at <= \(now)
        ORDER BY next_attempt_at, message_id LIMIT \(limit)
        """)
      let leaseUntil = now.adding(milliseconds: leaseMs)
      let claimed = try rows.compactMap { row -> ClaimedMessage? in
        let id = try row.id("message_id", of: Message.self)
        var delivery = try Delivery(row)
        if let notAfter = try row.optionalTimestamp("not_after"), notAfter <= now {
          try self.expire(transaction, id, delivery, at: now)
          return nil
        }
        delivery.begin(leaseUntil: leaseUntil)
        let claimed = ClaimedMessage(
          id: id, fence: try row.int64("fence") + 1, leaseUntil: leaseUntil,
          attempt: delivery.attempts,
          sealedPhone: try row.bytes("phone"), sealedText: try row.bytes("text"))
        try transaction.execute(
          """
          UPDATE message SET attempts = \(delivery.attempts),
            next_attempt_at = \(delivery.nextAttemptAt), owner = \(owner),
            fence = \(claimed.fence)
          WHERE message_id = \(id)
          """)
        try self.begin(transaction, claimed, through: gateway, at: now)
        return claimed
      }
      let next = try transaction.row(
        "SELECT MIN(next_attempt_at) AS due FROM message WHERE state = 'queued'")
      return Claim(messages: claimed, nextDueAt: try next?.optionalTimestamp("due"))
    }
  }

  private func begin(
    _ transaction: Transaction, _ claimed: ClaimedMessage, through gateway: String,
    at now: Timestamp
  ) throws {
    try transaction.execute(
      """
      UPDATE attempt SET ended_at = \(now), outcome = 'unknown'
      WHERE message_id = \(claimed.id) AND outcome IS NULL
      """)
    try transaction.execute(
      """
      INSERT INTO attempt (message_id, number, gateway, began_at)
      VALUES (\(claimed.id), \(claimed.attempt), \(gateway), \(now))
      """)
  }

  /// Writes down how a try ended; returns the message's state, nil where the lease had ended and
  /// somebody else has claimed the message since.
  func settle(
    _ claimed: ClaimedMessage, _ outcome: Delivery.Outcome, providerID: String?,
    _ schedule: RetrySchedule, jitter: UInt64
  ) async throws -> MessageState? {
    try await self.store.write { transaction in
      let now = try transaction.databaseNow()
      try self.end(transaction, claimed, outcome, providerID: providerID, at: now)
      let row = try transaction.row(
        """
        SELECT \(sql: Delivery.columns) FROM message
        WHERE message_id = \(claimed.id) AND fence = \(claimed.fence) AND state = 'queued'
        """)
      guard let row else { return nil }
      var delivery = try Delivery(row)
      delivery.end(outcome, at: now, schedule, jitter: jitter)
      try self.save(transaction, delivery, of: claimed.id)
      if delivery.state != .queued {
        try self.tables.history.append(
          transaction,
          HistoryEntry(
            delivery.state.rawValue, of: claimed.id.text, by: .system, at: now,
            detail: delivery.lastError))
      }
      return delivery.state
    }
  }

  private func end(
    _ transaction: Transaction, _ claimed: ClaimedMessage, _ outcome: Delivery.Outcome,
    providerID: String?, at now: Timestamp
  ) throws {
    let (word, code): (String, String?) =
      switch outcome {
      case .delivered: ("delivered", nil)
      case .failed(let code, _): ("failed", code)
      }
    try transaction.execute(
      """
      UPDATE attempt SET ended_at = \(now), outcome = \(word), error_code = \(code),
        provider_id = \(providerID)
      WHERE message_id = \(claimed.id) AND number = \(claimed.attempt)
      """)
  }

  /// Ends the leases of all other owners. Only for a store that no other process has open: what a
  /// killed process had claimed need not wait for its leases to end.
  func takeOver(owner: String) async throws {
    try await self.store.write { transaction in
      try transaction.execute(
        """
        UPDATE message SET owner = '', next_attempt_at = enqueued_at
        WHERE owner <> '' AND owner <> \(owner) AND state = 'queued'
        """)
      transaction.signal(Self.due)
    }
  }
}
