import DomainModel

/// What a person sees of an outbox, and how a parked message goes on.
extension Outbox {
  /// How much waits.
  public func depth(_ snapshot: Snapshot) throws -> OutboxDepth {
    let row = try snapshot.row(
      """
      SELECT (SELECT COUNT(*) FROM outbox) AS messages,
        (SELECT COUNT(*) FROM outbox WHERE parked_at IS NOT NULL) AS parked,
        (SELECT created_at FROM outbox ORDER BY id LIMIT 1) AS oldest
      """)
    return OutboxDepth(
      messages: try row?.int("messages") ?? 0, parked: try row?.int("parked") ?? 0,
      oldest: try row?.optionalTimestamp("oldest"))
  }

  /// How much waits, by destination; one for which nothing does is not named.
  public func depths(_ snapshot: Snapshot) throws -> [String: OutboxDepth] {
    let rows = try snapshot.rows(
      """
      SELECT destination, COUNT(*) AS messages, COUNT(parked_at) AS parked,
        MIN(created_at) AS oldest
      FROM outbox GROUP BY destination
      """)
    return Dictionary(
      uniqueKeysWithValues: try rows.map { row in
        (
          try row.text("destination"),
          OutboxDepth(
            messages: try row.int("messages"), parked: try row.int("parked"),
            oldest: try row.optionalTimestamp("oldest"))
        )
      })
  }

  /// The parked messages, oldest first, at most `limit`.
  public func parked(_ snapshot: Snapshot, limit: Int = 100) throws -> [ParkedMessage] {
    try snapshot.rows(
      """
      SELECT id, lane, destination, method, created_at, parked_reason,
        (SELECT COUNT(*) FROM outbox AS later
         WHERE later.lane = outbox.lane AND later.id > outbox.id) AS behind
      FROM outbox
      WHERE parked_at IS NOT NULL ORDER BY id LIMIT \(limit)
      """
    ).map { row in
      ParkedMessage(
        id: try row.int64("id"), lane: try row.text("lane"),
        destination: try row.text("destination"), method: try row.text("method"),
        createdAt: try row.timestamp("created_at"),
        reason: try row.optionalText("parked_reason") ?? "", behind: try row.int("behind"))
    }
  }

  /// Has a parked message sent again, as if it were new; returns false if it is not parked.
  @discardableResult
  public func unpark(_ transaction: Transaction, id: Int64) throws -> Bool {
    let row = try transaction.row(
      "SELECT lane FROM outbox WHERE id = \(id) AND parked_at IS NOT NULL")
    guard let lane = try row?.text("lane") else { return false }
    try transaction.execute(
      """
      UPDATE outbox SET parked_at = NULL, parked_reason = NULL, attempts = 0 WHERE id = \(id)
      """)
    try transaction.execute("UPDATE outbox_lane SET ready_at = 0 WHERE key = \(lane)")
    transaction.signal(Self.topic)
    return true
  }

  /// Has the oldest parked messages, at most `limit`, sent again; returns how many. Call it again
  /// while it returns `limit`.
  @discardableResult
  public func unparkAll(_ transaction: Transaction, limit: Int = 100) throws -> Int {
    let parked = try self.parked(transaction, limit: limit)
    for message in parked { try self.unpark(transaction, id: message.id) }
    return parked.count
  }

  /// Throws `OutboxStandstill` while a message is parked, for a health page: the service itself
  /// works, and what is parked waits for a person.
  public func checkParked(in store: any Store) async throws {
    let depth = try await store.read { try self.depth($0) }
    if depth.parked > 0 { throw OutboxStandstill(parked: depth.parked) }
  }
}

/// Messages are parked, and their lanes stand still.
public struct OutboxStandstill: Error, Hashable, Sendable, CustomStringConvertible {
  /// How many messages.
  public var parked: Int

  /// A sentence for the health page.
  public var description: String {
    "\(self.parked) parked in the outbox (anju parked names them): mend the cause, then anju unpark"
  }
}
