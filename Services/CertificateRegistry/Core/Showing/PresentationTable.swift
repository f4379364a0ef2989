import DomainModel
import ServiceCore
import Storage

/// The rows of the codes that holders show, by their hashes. A redemption stands here, so that no
/// restart and no other replica forgets it.
struct PresentationTable: Sendable {
  /// Keeps a new one.
  func insert(
    _ transaction: Transaction, _ presentation: Presentation, hash: [UInt8], at now: Timestamp
  ) throws {
    try transaction.execute(
      """
      INSERT INTO presentation (code_hash, permit_id, purpose, created_at, expires_at)
      VALUES (\(hash), \(presentation.permit), \(presentation.purpose), \(now),
        \(presentation.expiresAt))
      """)
  }

  /// How many codes of a permit live.
  func liveCount(_ snapshot: Snapshot, of permit: ID<Permit>, at now: Timestamp) throws -> Int {
    try snapshot.row(
      """
      SELECT COUNT(*) AS n FROM presentation
      WHERE permit_id = \(permit) AND expires_at > \(now)
      """
    )?.int("n") ?? 0
  }

  /// The one of a code's hash; nil where there is none.
  func find(_ snapshot: Snapshot, hash: [UInt8]) throws -> Presentation? {
    try snapshot.row(
      """
      SELECT permit_id, purpose, expires_at, redeemed_by FROM presentation
      WHERE code_hash = \(hash)
      """
    ).map { row in
      Presentation(
        permit: try row.id("permit_id"),
        purpose: try row.optionalText("purpose") == nil ? nil : row.choice("purpose"),
        expiresAt: try row.timestamp("expires_at"),
        redeemedBy: try row.optionalText("redeemed_by"))
    }
  }

  /// Notes that a verifier has redeemed one. Throws `StorageError.serializationFailure` where
  /// another one was first.
  func redeem(
    _ transaction: Transaction, hash: [UInt8], by verifier: String, at now: Timestamp
  ) throws {
    try transaction.update(
      """
      UPDATE presentation SET redeemed_by = \(verifier), redeemed_at = \(now)
      WHERE code_hash = \(hash) AND redeemed_by IS NULL
      """)
  }

  /// Removes those whose time was over before an instant, at most `ProvisionTable.purgeRowsMax`;
  /// returns how many.
  func purge(_ transaction: Transaction, before instant: Timestamp) throws -> Int {
    try transaction.changedRows(
      """
      DELETE FROM presentation WHERE code_hash IN (
        SELECT code_hash FROM presentation WHERE expires_at < \(instant)
        ORDER BY expires_at LIMIT \(ProvisionTable.purgeRowsMax))
      """)
  }
}
