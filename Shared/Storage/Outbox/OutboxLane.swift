import DomainModel

/// A lane that this dispatcher owns until its lease ends, with the oldest message in it.
struct ClaimedLane: Sendable {
  var key: String
  var fence: Int64
  var leaseUntil: Timestamp
  /// The message as stored; its payload still sealed.
  var head: OutboxMessage
}

/// What became of the head of a lane.
enum OutboxOutcome: Sendable {
  case delivered
  case retry(notBefore: Timestamp)
  case parked(reason: String, at: Timestamp)
}

/// The few statements that own, advance and release lanes. `ready_at` is the one time a lane may
/// next be claimed: its lease's end, its back-off's end, or never while its head is parked.
extension Outbox {
  static let never = Int64.max

  /// Claims up to `limit` lanes that are ready, longest-ready first.
  func claim(
    _ transaction: Transaction, owner: String, limit: Int, leaseMs: Int64
  ) throws -> [ClaimedLane] {
    let now = try transaction.databaseNow()
    let ready = try transaction.rows(
      """
      SELECT key, fence FROM outbox_lane WHERE ready_at <= \(now)
      ORDER BY ready_at, key LIMIT \(limit)
      """)
    let leaseUntil = now.adding(milliseconds: leaseMs)
    return try ready.compactMap { row in
      let key = try row.text("key")
      let fence = try row.int64("fence") + 1
      guard let head = try self.head(transaction, of: key) else {
        try transaction.execute("DELETE FROM outbox_lane WHERE key = \(key)")
        return nil
      }
      try transaction.execute(
        """
        UPDATE outbox_lane SET owner = \(owner), lease_until = \(leaseUntil), fence = \(fence),
          ready_at = \(leaseUntil) WHERE key = \(key)
        """)
      return ClaimedLane(key: key, fence: fence, leaseUntil: leaseUntil, head: head)
    }
  }

  /// Marks the head's outcome if the fence still holds, and goes on to the next message under a
  /// renewed lease. Returns nil where the lane is done with for now, or is somebody else's.
  func settle(
    _ transaction: Transaction, _ lane: ClaimedLane, _ outcome: OutboxOutcome, leaseMs: Int64
  ) throws -> ClaimedLane? {
    switch outcome {
    case .retry(let notBefore):
      try transaction.execute(
        "UPDATE outbox SET attempts = attempts + 1 WHERE id = \(lane.head.id)")
      try self.release(transaction, lane, readyAt: notBefore.milliseconds)
      transaction.signal(Self.topic)
      return nil
    case .parked(let reason, let at):
      try transaction.execute(
        """
        UPDATE outbox SET parked_at = \(at), parked_reason = \(reason) WHERE id = \(lane.head.id)
        """)
      try self.release(transaction, lane, readyAt: Self.never)
      return nil
    case .delivered:
      try transaction.execute("DELETE FROM outbox WHERE id = \(lane.head.id)")
      guard let next = try self.head(transaction, of: lane.key) else {
        try transaction.execute(
          "DELETE FROM outbox_lane WHERE key = \(lane.key) AND fence = \(lane.fence)")
        return nil
      }
      return try self.renew(transaction, lane, next, leaseMs: leaseMs)
    }
  }

  /// Whether the lane is still ours: nobody has claimed it since.
  func holds(_ snapshot: Snapshot, _ lane: ClaimedLane) throws -> Bool {
    try snapshot.exists(
      """
      SELECT 1 FROM outbox_lane JOIN outbox ON outbox.lane = outbox_lane.key
      WHERE outbox_lane.key = \(lane.key) AND outbox_lane.fence = \(lane.fence)
        AND outbox.id = \(lane.head.id)
      """)
  }

  /// Gives a lane back, to be claimed again from `readyAt` on.
  func release(_ transaction: Transaction, _ lane: ClaimedLane, readyAt: Int64) throws {
    try transaction.execute(
      """
      UPDATE outbox_lane SET owner = '', lease_until = 0, ready_at = \(readyAt)
      WHERE key = \(lane.key) AND fence = \(lane.fence)
      """)
  }

  /// Ends the leases of all other owners; only for a store that no other process can have open.
  func takeOver(_ transaction: Transaction, owner: String) throws {
    try transaction.execute(
      """
      UPDATE outbox_lane SET owner = '', lease_until = 0, ready_at = 0
      WHERE owner <> '' AND owner <> \(owner)
      """)
  }

  /// When the next lane becomes ready, nil if none will by itself.
  func nextReady(_ snapshot: Snapshot) throws -> Timestamp? {
    let row = try snapshot.row(
      "SELECT MIN(ready_at) AS ready_at FROM outbox_lane WHERE ready_at < \(Self.never)")
    return try row?.optionalTimestamp("ready_at")
  }

  private func renew(
    _ transaction: Transaction, _ lane: ClaimedLane, _ head: OutboxMessage, leaseMs: Int64
  ) throws -> ClaimedLane {
    var renewed = lane
    renewed.head = head
    renewed.leaseUntil = try transaction.databaseNow().adding(milliseconds: leaseMs)
    try transaction.execute(
      """
      UPDATE outbox_lane SET lease_until = \(renewed.leaseUntil), ready_at = \(renewed.leaseUntil)
      WHERE key = \(lane.key) AND fence = \(lane.fence)
      """)
    return renewed
  }

  private func head(_ snapshot: Snapshot, of lane: String) throws -> OutboxMessage? {
    let row = try snapshot.row(
      """
      SELECT id, lane, destination, method, payload, idempotency_key, created_at, attempts
      FROM outbox WHERE lane = \(lane) ORDER BY id LIMIT 1
      """)
    guard let row else { return nil }
    var message = OutboxMessage(
      lane: lane, destination: try row.text("destination"), method: try row.text("method"),
      payload: try row.bytes("payload"), idempotencyKey: try row.text("idempotency_key"))
    message.id = try row.int64("id")
    message.createdAt = try row.timestamp("created_at")
    message.attempts = try row.int("attempts")
    return message
  }
}
