import DomainModel
import PermitProof
import ServiceCore
import Storage

/// What an entry is asked for by.
enum LeafKey: Hashable, Sendable {
  /// Its leaf.
  case index(Int)
  /// It is the newest one about the certificate.
  case newest(of: String)
  /// It made the certificate.
  case making(String)
  /// The change it stands for: an entity's, and the version after it.
  case change(LogLine)
}

/// A line of an entity's history, which is a version of the entity and an entry of the log.
struct LogLine: Hashable, Sendable {
  let entity: String
  /// 1 for its first.
  let version: Int
}

/// An entry's place in the log, proved by a head.
struct LeafProof: Hashable, Sendable {
  let leaf: TreeHash
  let path: InclusionPath
  let head: KeptHead
  /// The salt and the record; nil where they are withheld or were destroyed.
  let opened: InclusionProof?
}

extension LogTable {
  /// The proof that an entry stands in the tree of a head. `opens` says whether salt and record are
  /// told.
  ///
  /// Throws `LOG_ENTRY_NOT_FOUND`, `LOG_ENTRY_SEQUENCING` while it waits for its leaf,
  /// `LEAF_BEYOND_TREE` with `leaf_index` where it came after the head, and what `head` throws.
  func inclusion(
    _ snapshot: Snapshot, of key: LeafKey, inTreeOf size: Int, opens: Bool
  ) throws -> LeafProof {
    let head = try self.head(snapshot, ofSize: size)
    guard let row = try self.entry(snapshot, key) else { throw ServiceError(.logEntryNotFound) }
    guard let index = try row.optionalInt("leaf_index") else {
      throw ServiceError(.logEntrySequencing, retryDelayMs: Self.sequencingRetryMs)
    }
    guard index < head.size else {
      throw ServiceError(.leafBeyondTree, metadata: ["leaf_index": "\(index)"])
    }
    let path = try InclusionPath(of: index, size: head.size) { try self.node(snapshot, $0) }
    let opened = opens ? try self.opened(row) : nil
    return LeafProof(
      leaf: try self.hash(row, "leaf_hash"), path: path, head: head,
      opened: opened.map { InclusionProof($0.record, salt: $0.salt, path: path) })
  }

  /// The proof that between two heads the log was only appended to. Throws what `head` does.
  func consistency(
    _ snapshot: Snapshot, from first: Int, to second: Int
  ) throws -> (proof: ConsistencyProof, first: KeptHead, second: KeptHead) {
    let earlier = try self.head(snapshot, ofSize: first)
    let later = try self.head(snapshot, ofSize: second)
    let proof = try ConsistencyProof(from: earlier.size, to: later.size) {
      try self.node(snapshot, $0)
    }
    return (proof, earlier, later)
  }

  /// The leaves that these changes have got by now.
  func leaves(_ snapshot: Snapshot, of lines: [LogLine]) throws -> [LogLine: Int] {
    guard let first = lines.lazy.map(\.version).min(),
      let last = lines.lazy.map(\.version).max()
    else { return [:] }
    // As many as the next power of two, so that there are few statements to be kept prepared.
    var entities = lines.map(\.entity)
    while entities.count & (entities.count - 1) != 0 { entities.append(entities[0]) }
    let rows = try snapshot.rows(
      """
      SELECT entity, sequence, leaf_index FROM log_entry
      WHERE entity IN \(values: entities) AND leaf_index IS NOT NULL
        AND sequence BETWEEN \(first) AND \(last)
      """)
    let found = try rows.map { row in
      let line = LogLine(entity: try row.text("entity"), version: try row.int("sequence"))
      return (line, try row.int("leaf_index"))
    }
    return Dictionary(found) { first, _ in first }
  }

  /// How long a caller is to wait who asks for the proof of an entry without a leaf, in
  /// milliseconds.
  static let sequencingRetryMs: Int64 = 1_000

  private func entry(_ snapshot: Snapshot, _ key: LeafKey) throws -> Row? {
    let condition: SQL =
      switch key {
      case .index(let index): "leaf_index = \(index)"
      case .newest(let identifier):
        "certificate_identifier = \(identifier) ORDER BY sequence DESC LIMIT 1"
      case .making(let identifier):
        "certificate_identifier = \(identifier) ORDER BY sequence LIMIT 1"
      case .change(let line): "entity = \(line.entity) AND sequence = \(line.version)"
      }
    return try snapshot.row(
      """
      SELECT entity, sequence, record, leaf_hash, leaf_index FROM log_entry
      WHERE \(sql: condition)
      """)
  }
}
