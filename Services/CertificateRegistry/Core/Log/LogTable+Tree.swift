import DomainModel
import PermitProof
import ServiceCore
import Storage

/// Who may give entries their leaves, as his claim stands in the table.
struct LogLease: Hashable, Sendable {
  let owner: String
  /// Rises with each claim: whoever holds an earlier one can commit nothing any more.
  let fence: Int64
  /// The log's id, made by the first claim there was.
  let logID: String
}

/// Somebody else has claimed the log since, or this very batch was committed already.
struct LogLeaseLost: Error {}

/// Entries that have no leaf yet, and the tree that they are to be appended to.
struct LogBatch: Hashable, Sendable {
  /// An entry and its leaf's hash.
  struct Entry: Hashable, Sendable {
    let id: Int64
    let leaf: TreeHash
  }

  let frontier: Frontier
  /// When the tree's head was signed; nil for the empty tree.
  let headAt: Timestamp?
  let entries: [Entry]
}

/// A batch with its leaves, to be committed.
struct SequencedBatch: Hashable, Sendable {
  let batch: LogBatch
  let frontier: Frontier
  /// The nodes above the leaves that are complete now.
  let nodes: [TreeNode]
  let head: SignedTreeHead
  let publicKeyPEM: String
}

/// The few statements that own the log and append to its tree.
extension LogTable {
  private static let name = "log"

  /// Whether nobody else's lease lasts.
  func isFree(_ snapshot: Snapshot, for owner: String) throws -> Bool {
    let now = try snapshot.databaseNow()
    return try !snapshot.exists(
      "SELECT 1 FROM log_sequencer WHERE owner <> \(owner) AND lease_until > \(now)")
  }

  /// Claims the log; nil while somebody else's lease lasts.
  func claim(
    _ transaction: Transaction, owner: String, leaseMs: Int64, newLogID: String
  ) throws -> LogLease? {
    try transaction.execute(
      """
      INSERT INTO log_sequencer (name, log_id, owner, lease_until, fence, size)
      VALUES (\(Self.name), \(newLogID), '', 0, 0, 0)
      ON CONFLICT (name) DO NOTHING
      """)
    let now = try transaction.databaseNow()
    let claimed = try transaction.changedRows(
      """
      UPDATE log_sequencer SET owner = \(owner), fence = fence + 1,
        lease_until = \(now.adding(milliseconds: leaseMs))
      WHERE name = \(Self.name) AND (owner = \(owner) OR lease_until <= \(now))
      """)
    let row = try transaction.row(
      "SELECT fence, log_id FROM log_sequencer WHERE name = \(Self.name)")
    guard claimed == 1, let row else { return nil }
    return LogLease(
      owner: owner, fence: try row.int64("fence"), logID: try row.text("log_id"))
  }

  /// Ends the lease of another owner; only for a store that no other process can have open.
  func takeOver(_ transaction: Transaction, owner: String) throws {
    try transaction.execute(
      """
      UPDATE log_sequencer SET owner = '', lease_until = 0
      WHERE name = \(Self.name) AND owner <> '' AND owner <> \(owner)
      """)
  }

  /// Whether an entry waits for its leaf.
  func isBehind(_ snapshot: Snapshot) throws -> Bool {
    try snapshot.exists("SELECT 1 FROM log_entry WHERE leaf_index IS NULL")
  }

  /// The next entries, oldest first, at most `limit`. `known` is the edge of the tree as the caller
  /// has left it; it is read anew where the stored tree has another size.
  func batch(
    _ snapshot: Snapshot, after known: Frontier?, limit: Int
  ) throws -> LogBatch {
    let size = try self.size(snapshot)
    let entries = try snapshot.rows(
      """
      SELECT id, leaf_hash FROM log_entry WHERE leaf_index IS NULL ORDER BY id LIMIT \(limit)
      """
    ).map { row in
      LogBatch.Entry(id: try row.int64("id"), leaf: try self.hash(row, "leaf_hash"))
    }
    var frontier = known
    if known?.size != size {
      frontier = try Frontier(size: size) { try self.node(snapshot, $0) }
    }
    let head = try snapshot.row("SELECT at FROM log_head WHERE size = \(size)")
    return LogBatch(
      frontier: frontier ?? Frontier(), headAt: try head?.timestamp("at"), entries: entries)
  }

  /// Gives a batch its leaves and keeps nodes and head, if the lease is still the caller's and the
  /// tree as it was read. Throws `LogLeaseLost`.
  func commit(
    _ transaction: Transaction, _ made: SequencedBatch, by lease: LogLease, leaseMs: Int64
  ) throws {
    let until = try transaction.databaseNow().adding(milliseconds: leaseMs)
    let before = made.batch.frontier.size
    let held = try transaction.changedRows(
      """
      UPDATE log_sequencer SET size = \(made.frontier.size), lease_until = \(until)
      WHERE name = \(Self.name) AND owner = \(lease.owner) AND fence = \(lease.fence)
        AND size = \(before)
      """)
    guard held == 1 else { throw LogLeaseLost() }
    // While the size was the same, nobody has given any of these a leaf.
    for (offset, entry) in made.batch.entries.enumerated() {
      try transaction.execute(
        "UPDATE log_entry SET leaf_index = \(before + offset) WHERE id = \(entry.id)")
    }
    for node in made.nodes {
      try transaction.execute(
        """
        INSERT INTO log_node (level, node_index, hash)
        VALUES (\(node.place.level), \(node.place.index), \(node.hash.bytes))
        """)
    }
    try self.keep(transaction, made.head, made.publicKeyPEM)
    transaction.signal(Self.sequenced)
  }

  private func keep(
    _ transaction: Transaction, _ signed: SignedTreeHead, _ publicKeyPEM: String
  ) throws {
    let head = signed.head
    try self.signingKeys.use(transaction, (head.keyID, publicKeyPEM), at: head.at)
    try transaction.execute(
      """
      INSERT INTO log_head (size, root, at, key_id, signature)
      VALUES (\(head.size), \(head.root.bytes), \(head.at), \(head.keyID), \(signed.signature))
      """)
  }

  /// How many leaves the log has.
  func size(_ snapshot: Snapshot) throws -> Int {
    try snapshot.row("SELECT size FROM log_sequencer WHERE name = \(Self.name)")?.int("size") ?? 0
  }

  /// A node of the stored tree; nil where it is not complete.
  func node(_ snapshot: Snapshot, _ place: TreePlace) throws -> TreeHash? {
    if place.level == 0 {
      return try snapshot.row(
        "SELECT leaf_hash FROM log_entry WHERE leaf_index = \(place.index)"
      ).map { try self.hash($0, "leaf_hash") }
    }
    return try snapshot.row(
      """
      SELECT hash FROM log_node WHERE level = \(place.level) AND node_index = \(place.index)
      """
    ).map { try self.hash($0, "hash") }
  }

  func hash(_ row: Row, _ column: String) throws -> TreeHash {
    guard let hash = TreeHash(try row.bytes(column)) else {
      throw UnusableData("the log's column \(column) holds no hash")
    }
    return hash
  }
}
