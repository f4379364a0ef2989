import DomainModel
import ServiceCore
import Storage

/// What somebody was told of the log: leaves from one up to another, of one division or of all, and
/// when.
struct FeedProvision: Hashable, Sendable {
  /// A platform's name in the settings, or the principal of whoever watches.
  let receiver: String
  /// The digits with which the divisions begin whose changes he was told; "" for all.
  let divisionPrefix: String
  let leaves: Range<Int>
}

/// A change that somebody was told.
struct ToldChange: Hashable, Sendable {
  let receiver: String
  let leaf: Int
  let firstAt: Timestamp
  let lastAt: Timestamp
}

/// The record of what others were told of the log (个人信息保护法 Arts. 55 and 56: three years).
///
/// Nothing is written a change: a row is a run of leaves that one receiver was told within a
/// minute, and whose changes they were is found only when somebody asks. So a receiver costs 1,440
/// rows a day at most, and one for each `leavesMax` leaves.
enum FeedProvisionTable {
  /// For how long one row is written on, in milliseconds: as exactly its instant is known.
  static let runMs: Int64 = 60_000
  /// How many leaves one row covers at most, so that the rows that can cover a leaf are few.
  static let leavesMax = 2_000

  /// The table, for a later migration of the registry.
  static let schema = [
    """
    CREATE TABLE feed_provision (
      id $IDENTITY,
      receiver $TEXT NOT NULL,
      division_prefix $TEXT NOT NULL,
      first_leaf_index $INT NOT NULL,
      next_leaf_index $INT NOT NULL,
      first_at $INT NOT NULL,
      last_at $INT NOT NULL,
      CHECK (next_leaf_index > first_leaf_index)
    ) $TABLE;
    CREATE INDEX feed_provision_receiver ON feed_provision (receiver, id);
    CREATE INDEX feed_provision_leaf ON feed_provision (first_leaf_index);
    CREATE INDEX feed_provision_age ON feed_provision (last_at);
    """
  ]

  /// Keeps what was told: by the row of the run that it goes on with, else by one of its own.
  static func record(
    _ transaction: Transaction, _ told: FeedProvision, at now: Timestamp
  ) throws {
    let last = try transaction.row(
      """
      SELECT id, division_prefix, first_leaf_index, next_leaf_index, first_at FROM feed_provision
      WHERE receiver = \(told.receiver) ORDER BY id DESC LIMIT 1
      """)
    if let last, try last.text("division_prefix") == told.divisionPrefix,
      try last.int("next_leaf_index") == told.leaves.lowerBound,
      try told.leaves.upperBound - last.int("first_leaf_index") <= Self.leavesMax,
      now < (try last.timestamp("first_at")).adding(milliseconds: Self.runMs)
    {
      try transaction.execute(
        """
        UPDATE feed_provision SET next_leaf_index = \(told.leaves.upperBound), last_at = \(now)
        WHERE id = \(try last.int64("id"))
        """)
      return
    }
    for first in stride(from: told.leaves.lowerBound, to: told.leaves.upperBound, by: leavesMax) {
      try transaction.execute(
        """
        INSERT INTO feed_provision (receiver, division_prefix, first_leaf_index, next_leaf_index,
          first_at, last_at)
        VALUES (\(told.receiver), \(told.divisionPrefix), \(first),
          \(min(first + Self.leavesMax, told.leaves.upperBound)), \(now), \(now))
        """)
    }
  }

  /// Who was told the change of a leaf, in a division, and when; oldest first.
  static func told(
    _ snapshot: Snapshot, leaf: Int, in division: String
  ) throws -> [ToldChange] {
    try snapshot.rows(
      """
      SELECT receiver, division_prefix, first_at, last_at FROM feed_provision
      WHERE first_leaf_index <= \(leaf) AND first_leaf_index > \(leaf - Self.leavesMax)
        AND next_leaf_index > \(leaf)
      ORDER BY id
      """
    ).compactMap { row in
      guard try division.hasPrefix(row.text("division_prefix")) else { return nil }
      return ToldChange(
        receiver: try row.text("receiver"), leaf: leaf, firstAt: try row.timestamp("first_at"),
        lastAt: try row.timestamp("last_at"))
    }
  }

  /// Removes what was told before an instant, at most `ProvisionTable.purgeRowsMax` rows; returns
  /// how many.
  static func purge(_ transaction: Transaction, before instant: Timestamp) throws -> Int {
    try transaction.changedRows(
      """
      DELETE FROM feed_provision WHERE id IN (
        SELECT id FROM feed_provision WHERE last_at < \(instant)
        ORDER BY last_at LIMIT \(ProvisionTable.purgeRowsMax))
      """)
  }
}
