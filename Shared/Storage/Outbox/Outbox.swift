public import DomainModel

/// The effects on other services that are still owed.
///
/// Messages stand in **lanes**, each to one destination. Within a lane they are sent one by one,
/// oldest first; lanes go in parallel. A lane is owned by one dispatcher for the time of a lease,
/// and its fence, a number that grows with each claim, keeps an owner that stalled longer than its
/// lease from marking anything.
public struct Outbox: Sendable {
  /// Signalled by each commit that enqueued.
  public static let topic: Topic = "outbox"

  let payload: SealedColumn
  /// By which the dispatcher of this process gets a lane that is being made.
  let handover = Handover()

  /// The outbox of one service.
  public init(sealer: any Sealer) {
    self.payload = SealedColumn(sealer, table: "outbox", column: "payload")
  }

  /// Owes a message, from `now` on. Call it in the transaction that makes the message necessary.
  ///
  /// A lane that is made anew is claimed at once for the dispatcher of this process, where that has
  /// room: it begins to send when the transaction is committed, and needs none of its own.
  ///
  /// The lane's row is written even where it is there already: so a dispatcher that finds the lane
  /// empty and removes the row at this moment meets this transaction and runs again. (With
  /// `DO NOTHING`, PostgreSQL would let both commit, and the message would have no lane.)
  public func enqueue(
    _ transaction: Transaction, _ message: OutboxMessage, now: Timestamp
  ) throws {
    let sealed = try self.payload.seal(message.payload, row: message.idempotencyKey)
    let owed: SQL = """
      INSERT INTO outbox (lane, destination, method, payload, idempotency_key, created_at, attempts)
      VALUES (\(message.lane), \(message.destination), \(message.method), \(sealed),
        \(message.idempotencyKey), \(now), 0)
      """
    guard let offer = self.handover.offer(message, sealed, transaction, now: now) else {
      try transaction.execute(owed)
      try transaction.execute(
        """
        INSERT INTO outbox_lane (key, destination, owner, lease_until, fence, ready_at)
        VALUES (\(message.lane), \(message.destination), '', 0, 0, 0)
        ON CONFLICT (key) DO UPDATE SET key = excluded.key
        """)
      return transaction.signal(Self.topic)
    }
    try transaction.execute("\(sql: owed) RETURNING id", hearing: offer.heardMessage)
    let leaseUntil: SQL = "\(sql: transaction.clock) + \(offer.leaseMs)"
    try transaction.execute(
      """
      INSERT INTO outbox_lane (key, destination, owner, lease_until, fence, ready_at)
      VALUES (\(message.lane), \(message.destination), \(offer.owner), \(sql: leaseUntil),
        \(Handover.fence), \(sql: leaseUntil))
      ON CONFLICT (key) DO UPDATE SET key = excluded.key
      RETURNING owner, lease_until
      """, hearing: offer.heardLane)
    transaction.afterCommit(offer.handOver)
  }

  /// Where its sealed values stand.
  public static let sealed = [
    SealedTable("outbox", "payload", key: ["id"], reading: ["idempotency_key"]) {
      try $0.text("idempotency_key")
    }
  ]

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
      last_error $TEXT,
      failed_at $INT,
      parked_at $INT,
      parked_reason $TEXT
    ) $TABLE;
    CREATE INDEX outbox_lane_order ON outbox (lane, id);
    CREATE INDEX outbox_parked ON outbox (id) WHERE parked_at IS NOT NULL;
    CREATE TABLE outbox_lane (
      key $TEXT PRIMARY KEY,
      destination $TEXT NOT NULL,
      owner $TEXT NOT NULL,
      lease_until $INT NOT NULL,
      fence $INT NOT NULL,
      ready_at $INT NOT NULL
    ) $TABLE;
    CREATE INDEX outbox_lane_ready ON outbox_lane (destination, ready_at, key);
    """
  ]
}
