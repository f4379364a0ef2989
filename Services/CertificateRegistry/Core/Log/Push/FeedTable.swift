import DomainModel
import ServiceCore
import Storage

/// How far a platform has been told of the log.
struct FeedCursor: Hashable, Sendable {
  /// The first leaf that it does not have.
  var next: Int
  /// The size of the last head that it took; 0 where there was none.
  var headSize: Int
}

/// Who may push to a platform, as his claim stands in the table.
struct FeedClaim: Hashable, Sendable {
  let sink: String
  let owner: String
  /// Rises with each claim: whoever holds an earlier one can keep nothing any more.
  let fence: Int64
  let cursor: FeedCursor
}

/// Somebody else pushes to the platform by now.
struct FeedClaimLost: Error {}

/// The rows of the platforms that changes are pushed to: one replica pushes to one at a time.
enum FeedTable {
  /// The table, for a later migration of the registry.
  static let schema = [
    """
    CREATE TABLE feed_sink (
      name $TEXT PRIMARY KEY,
      next_leaf_index $INT NOT NULL,
      head_size $INT NOT NULL,
      owner $TEXT NOT NULL,
      lease_until $INT NOT NULL,
      fence $INT NOT NULL
    ) $TABLE;
    """
  ]

  /// How far a platform has been told.
  static func cursor(_ snapshot: Snapshot, of sink: String) throws -> FeedCursor {
    let row = try snapshot.row(
      "SELECT next_leaf_index, head_size FROM feed_sink WHERE name = \(sink)")
    return FeedCursor(
      next: try row?.int("next_leaf_index") ?? 0, headSize: try row?.int("head_size") ?? 0)
  }

  /// Claims a platform; nil while somebody else's lease lasts.
  static func claim(
    _ transaction: Transaction, _ sink: String, owner: String, leaseMs: Int64
  ) throws -> FeedClaim? {
    try transaction.execute(
      """
      INSERT INTO feed_sink (name, next_leaf_index, head_size, owner, lease_until, fence)
      VALUES (\(sink), 0, 0, '', 0, 0) ON CONFLICT (name) DO NOTHING
      """)
    let now = try transaction.databaseNow()
    let claimed = try transaction.changedRows(
      """
      UPDATE feed_sink SET owner = \(owner), fence = fence + 1,
        lease_until = \(now.adding(milliseconds: leaseMs))
      WHERE name = \(sink) AND (owner = \(owner) OR lease_until <= \(now))
      """)
    let row = try transaction.row("SELECT fence FROM feed_sink WHERE name = \(sink)")
    guard claimed == 1, let row else { return nil }
    return FeedClaim(
      sink: sink, owner: owner, fence: try row.int64("fence"),
      cursor: try Self.cursor(transaction, of: sink))
  }

  /// Notes how far a platform has been told, and lets go of it. Throws `FeedClaimLost`.
  static func keep(
    _ transaction: Transaction, _ cursor: FeedCursor, by claim: FeedClaim
  ) throws {
    let kept = try transaction.changedRows(
      """
      UPDATE feed_sink SET next_leaf_index = \(cursor.next), head_size = \(cursor.headSize),
        lease_until = 0
      WHERE name = \(claim.sink) AND owner = \(claim.owner) AND fence = \(claim.fence)
      """)
    if kept == 0 { throw FeedClaimLost() }
  }
}
