import DomainModel
import PermitProof
import ServiceCore
import Storage

/// A head as it was signed, and the key that verifies it.
struct KeptHead: Hashable, Sendable {
  let signed: SignedTreeHead
  /// PEM.
  let publicKeyPEM: String

  /// How many leaves it covers.
  var size: Int { self.signed.head.size }
}

/// What is asked of the heads. Each round of the sequencer signs one, and all of them stay: whoever
/// was ever given a head can have it proved against every later one.
extension LogTable {
  /// The newest head; nil of a log without leaves.
  func newestHead(_ snapshot: Snapshot) throws -> KeptHead? {
    try self.head(snapshot, where: "size = (SELECT MAX(size) FROM log_head)")
  }

  /// The head of a size, the newest one for 0.
  ///
  /// Throws `TREE_SIZE_BEYOND_LOG` with `tree_size`, the newest there is, and `TREE_HEAD_NOT_FOUND`
  /// with `next_tree_size`, that of the first head which covers so many leaves: none is signed in
  /// the middle of a round.
  func head(_ snapshot: Snapshot, ofSize size: Int) throws -> KeptHead {
    guard let newest = try self.newestHead(snapshot) else {
      if size == 0 { throw ServiceError(.treeHeadNotFound) }
      throw ServiceError(.treeSizeBeyondLog, metadata: ["tree_size": "0"])
    }
    if size == 0 || size == newest.size { return newest }
    guard size < newest.size else {
      throw ServiceError(.treeSizeBeyondLog, metadata: ["tree_size": "\(newest.size)"])
    }
    if let head = try self.head(snapshot, where: "size = \(size)") { return head }
    let next = try snapshot.row("SELECT MIN(size) AS next FROM log_head WHERE size > \(size)")
    throw ServiceError(
      .treeHeadNotFound,
      metadata: ["next_tree_size": "\(try next?.optionalInt("next") ?? newest.size)"])
  }

  /// The heads after a size, the smallest first, at most `limit`.
  func heads(_ snapshot: Snapshot, after size: Int, limit: Int) throws -> [KeptHead] {
    try snapshot.rows(
      """
      \(sql: Self.heads) WHERE log_head.size > \(size) ORDER BY log_head.size LIMIT \(limit)
      """
    ).map(self.keptHead)
  }

  private func head(_ snapshot: Snapshot, where condition: SQL) throws -> KeptHead? {
    try snapshot.row("\(sql: Self.heads) WHERE log_head.\(sql: condition)").map(self.keptHead)
  }

  private static let heads: SQL = """
    SELECT log_head.size AS size, root, at, log_head.key_id AS key_id, signature, public_key_pem,
      (SELECT log_id FROM log_sequencer) AS log_id
    FROM log_head JOIN signing_key ON signing_key.key_id = log_head.key_id
    """

  private func keptHead(_ row: Row) throws -> KeptHead {
    let size = try row.int("size")
    guard let root = TreeHash(try row.bytes("root")) else {
      throw UnusableData("the log's head of size \(size) has no root")
    }
    let head = TreeHead(
      logID: try row.text("log_id"), size: size, root: root, at: try row.timestamp("at"),
      keyID: try row.text("key_id"))
    return KeptHead(
      signed: SignedTreeHead(head, signature: try row.bytes("signature")),
      publicKeyPEM: try row.text("public_key_pem"))
  }
}
