import Crypto
import DomainModel
import Storage

/// The public keys of all that the registry has signed, in the order in which they took each
/// other's place: a certificate can be verified whatever key signs today, and only one does.
struct SigningKeyTable: Sendable {
  /// How the signer's key took the place of those before.
  let successions: [KeySuccession]

  /// Keeps the key of something that is saved, and begins with it where it takes the place of the
  /// one in use.
  ///
  /// `first`: from when on it signs, where there was none before; else that is `now`. Throws
  /// `ISSUING_STOPPED` for a key that the one in use did not name, which is a wrong one, and
  /// for one whose place was taken: a process that was not started anew after a rotation.
  func use(
    _ transaction: Transaction, _ key: (id: String, publicKeyPEM: String), at now: Timestamp,
    first: Timestamp? = nil
  ) throws {
    switch try self.standing(transaction, of: key.id) {
    case .inUse: return
    case .first: try self.insert(transaction, key, first ?? now)
    case .next(let last):
      try self.insert(transaction, key, max(now, last.adding(milliseconds: 1)))
    case .wrong(let inUse):
      throw ServiceError(
        .issuingStopped,
        metadata: ["cause": "signing_key", "key_id": key.id, "key_in_use": inUse])
    }
  }

  /// How a key stands to the one in use.
  enum Standing: Hashable, Sendable {
    /// It is that key.
    case inUse
    /// There is none: it will be the first.
    case first
    /// It takes the place of the one in use, which has signed since an instant.
    case next(after: Timestamp)
    /// It may sign nothing; the name of the one in use.
    case wrong(inUse: String)
  }

  /// How a key stands to the one in use.
  func standing(_ snapshot: Snapshot, of keyID: String) throws -> Standing {
    let row = try snapshot.row(
      """
      SELECT key_id, public_key_pem, first_used_at FROM signing_key
      ORDER BY first_used_at DESC, key_id LIMIT 1
      """)
    guard let row else { return .first }
    let inUse = try row.text("key_id")
    if inUse == keyID { return .inUse }
    let keyInUse = try SM2PublicKey(pem: row.text("public_key_pem"))
    return try self.successions.lead(from: keyInUse, to: keyID)
      ? .next(after: try row.timestamp("first_used_at")) : .wrong(inUse: inUse)
  }

  /// From when on a key may sign: `now` for one that is to take another's place; nil where none is
  /// on record, so that it may have been any time.
  func firstUse(
    _ snapshot: Snapshot, of keyID: String, now: Timestamp
  ) throws -> Timestamp? {
    let row = try snapshot.row(
      """
      SELECT COUNT(*) AS keys, MAX(CASE WHEN key_id = \(keyID) THEN first_used_at END) AS since
      FROM signing_key
      """)
    guard let row, try row.int("keys") > 0 else { return nil }
    return try row.optionalTimestamp("since") ?? now
  }

  private func insert(
    _ transaction: Transaction, _ key: (id: String, publicKeyPEM: String), _ at: Timestamp
  ) throws {
    try transaction.execute(
      """
      INSERT INTO signing_key (key_id, public_key_pem, first_used_at)
      VALUES (\(key.id), \(key.publicKeyPEM), \(at))
      """)
  }
}
