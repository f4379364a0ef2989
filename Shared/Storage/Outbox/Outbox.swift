public import DomainModel

/// The effects on other services that are still owed.
///
/// Messages stand in **lanes**. Within a lane they are sent one by one, oldest first; lanes go in
/// parallel. A lane is owned by one dispatcher for the time of a lease, and its fence, a number
/// that grows with each claim, keeps an owner that stalled longer than its lease from marking
/// anything.
public struct Outbox: Sendable {
  /// Signalled by each commit that enqueued.
  public static let topic: Topic = "outbox"

  let payload: SealedColumn

  /// The outbox of one service.
  public init(sealer: any Sealer) {
    self.payload = SealedColumn(sealer, table: "outbox", column: "payload")
  }

  /// Owes a message, from `now` on. Call it in the transaction that makes the message necessary.
  public func enqueue(
    _ transaction: Transaction, _ message: OutboxMessage, now: Timestamp
  ) throws {
    let sealed = try self.payload.seal(message.payload, row: message.idempotencyKey)
    try transaction.execute(
      """
      INSERT INTO outbox (lane, destination, method, payload, idempotency_key, created_at, attempts)
      VALUES (\(message.lane), \(message.destination), \(message.method), \(sealed),
        \(message.idempotencyKey), \(now), 0)
      """)
    try transaction.execute(
      """
      INSERT INTO outbox_lane (key, owner, lease_until, fence, ready_at)
      VALUES (\(message.lane), '', 0, 0, 0) ON CONFLICT (key) DO NOTHING
      """)
    transaction.signal(Self.topic)
  }

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

  /// The parked messages, oldest first, at most `limit`.
  public func parked(_ snapshot: Snapshot, limit: Int = 100) throws -> [ParkedMessage] {
    try snapshot.rows(
      """
      SELECT id, lane, destination, method, created_at, parked_reason FROM outbox
      WHERE parked_at IS NOT NULL ORDER BY id LIMIT \(limit)
      """
    ).map { row in
      ParkedMessage(
        id: try row.int64("id"), lane: try row.text("lane"),
        destination: try row.text("destination"), method: try row.text("method"),
        createdAt: try row.timestamp("created_at"),
        reason: try row.optionalText("parked_reason") ?? "")
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

  /// The tables, for a service's first migration.
  public static let schema = [
    """
    CREATE TABLE outbox (
      id $IDENTITY,
      lane $TEXT NOT NULL,
      destination $TEXT NOT NULL,
      method $TEXT NOT NULL,
      payload $BYTES NOT NULL,
      idempotency_key $TEXT NOT NULL,
      created_at $INT NOT NULL,
      attempts $INT NOT NULL,
      parked_at $INT,
      parked_reason $TEXT
    ) $TABLE;
    CREATE INDEX outbox_lane_order ON outbox (lane, id);
    CREATE INDEX outbox_parked ON outbox (id) WHERE parked_at IS NOT NULL;
    CREATE TABLE outbox_lane (
      key $TEXT PRIMARY KEY,
      owner $TEXT NOT NULL,
      lease_until $INT NOT NULL,
      fence $INT NOT NULL,
      ready_at $INT NOT NULL
    ) $TABLE;
    CREATE INDEX outbox_lane_ready ON outbox_lane (ready_at, key);
    """
  ]
}
