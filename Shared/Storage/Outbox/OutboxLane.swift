import DomainModel

/// What became of the head of a lane.
enum OutboxOutcome: Sendable {
  case delivered
  case retry(notBefore: Timestamp, error: String, at: Timestamp)
  case parked(reason: String, at: Timestamp)
}

/// The few statements that own, advance and release lanes. `ready_at` is the one time a lane may
/// next be claimed: its lease's end, its back-off's end, or never while its head is parked.
extension Outbox {
  static let never = Int64.max

  /// Claims lanes that are ready, of each destination those that have been so for longest.
  func claim(_ transaction: Transaction, _ order: ClaimOrder) throws -> LaneClaim {
    let now = try transaction.databaseNow()
    var claim = LaneClaim()
    for destination in try self.destinations(transaction) {
      let room = order.room(destination)
      if let opensInMs = room.opensInMs {
        claim.behind.insert(destination)
        claim.wait(atMost: opensInMs)
        continue
      }
      let limit = min(room.free, order.claimMax)
      // One that has no slot left is looked at again when it has.
      if limit == 0 {
        claim.behind.insert(destination)
        claim.full.insert(destination)
        continue
      }
      let ready = try transaction.rows(
        """
        SELECT key, destination, fence, ready_at FROM outbox_lane
        WHERE destination = \(destination) AND ready_at <= \(now)
        ORDER BY ready_at, key LIMIT \(limit)
        """)
      for row in ready {
        if let lane = try self.claim(transaction, row, order, now: now) { claim.lanes.append(lane) }
      }
      if ready.count == limit {
        claim.behind.insert(destination)
        if limit < room.free { claim.isCutShort = true } else { claim.full.insert(destination) }
      } else if let next = try self.nextReady(transaction, destination) {
        claim.wait(atMost: next.milliseconds - now.milliseconds)
      }
    }
    claim.lanes.sort { ($0.readyAt, $0.key) < ($1.readyAt, $1.key) }
    return claim
  }

  /// Claims one lane, if nobody has claimed it since it was read. An empty one is removed.
  private func claim(
    _ transaction: Transaction, _ row: Row, _ order: ClaimOrder, now: Timestamp
  ) throws -> ClaimedLane? {
    let key = try row.text("key")
    let fence = try row.int64("fence")
    guard let head = try self.head(transaction, of: key) else {
      try transaction.execute(
        "DELETE FROM outbox_lane WHERE key = \(key) AND fence = \(fence)")
      return nil
    }
    let readyAt = try row.timestamp("ready_at")
    let leaseUntil = now.adding(milliseconds: order.leaseMs)
    let claimed = try transaction.changedRows(
      """
      UPDATE outbox_lane SET owner = \(order.owner), lease_until = \(leaseUntil),
        fence = \(fence + 1), ready_at = \(leaseUntil)
      WHERE key = \(key) AND fence = \(fence) AND ready_at = \(readyAt)
      """)
    if claimed == 0 { return nil }
    return ClaimedLane(
      key: key, destination: try row.text("destination"), owner: order.owner, fence: fence + 1,
      readyAt: readyAt, leaseUntil: leaseUntil, head: head)
  }

  /// The destinations that lanes go to, one index search each: there may be very many lanes.
  private func destinations(_ snapshot: Snapshot) throws -> [String] {
    try snapshot.rows(
      """
      WITH RECURSIVE found (destination) AS (
        SELECT MIN(destination) FROM outbox_lane
        UNION ALL
        SELECT (SELECT MIN(destination) FROM outbox_lane
          WHERE outbox_lane.destination > found.destination)
        FROM found WHERE found.destination IS NOT NULL)
      SELECT destination FROM found WHERE destination IS NOT NULL
      """
    ).map { try $0.text("destination") }
  }

  /// Marks the head's outcome if the fence still holds, and goes on to the next message under a
  /// renewed lease. Returns nil where the lane is done with for now, or is somebody else's.
  func settle(
    _ transaction: Transaction, _ lane: ClaimedLane, _ outcome: OutboxOutcome, leaseMs: Int64
  ) throws -> ClaimedLane? {
    switch outcome {
    case .retry(let notBefore, let error, let at):
      try transaction.execute(
        """
        UPDATE outbox SET attempts = attempts + 1, last_error = \(error), failed_at = \(at)
        WHERE id = \(lane.head.id)
        """)
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
        try transaction.execute("DELETE FROM outbox_lane WHERE \(sql: self.owned(lane))")
        return nil
      }
      return try self.renew(transaction, lane, next, leaseMs: leaseMs)
    }
  }

  /// Whether the lane is still ours: nobody has claimed it since, and its head is the same.
  func holds(_ snapshot: Snapshot, _ lane: ClaimedLane) throws -> Bool {
    try snapshot.exists(
      """
      SELECT 1 FROM outbox_lane JOIN outbox ON outbox.lane = outbox_lane.key
      WHERE \(sql: self.owned(lane)) AND outbox.id = \(lane.head.id)
      """)
  }

  /// Gives a lane back, to be claimed again from `readyAt` on.
  func release(_ transaction: Transaction, _ lane: ClaimedLane, readyAt: Int64) throws {
    try transaction.execute(
      """
      UPDATE outbox_lane SET owner = '', lease_until = 0, ready_at = \(readyAt)
      WHERE \(sql: self.owned(lane))
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

  /// When the next lane to a destination becomes ready, nil if none will by itself.
  private func nextReady(_ snapshot: Snapshot, _ destination: String) throws -> Timestamp? {
    let row = try snapshot.row(
      """
      SELECT MIN(ready_at) AS ready_at FROM outbox_lane
      WHERE destination = \(destination) AND ready_at < \(Self.never)
      """)
    return try row?.optionalTimestamp("ready_at")
  }

  /// The lane under this very claim: a lane that was emptied and made anew starts its fence over.
  private func owned(_ lane: ClaimedLane) -> SQL {
    """
    outbox_lane.key = \(lane.key) AND outbox_lane.fence = \(lane.fence) \
    AND outbox_lane.owner = \(lane.owner)
    """
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
      WHERE \(sql: self.owned(lane))
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
