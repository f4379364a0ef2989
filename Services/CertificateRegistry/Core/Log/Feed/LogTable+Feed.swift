import DomainModel
import PermitProof
import ServiceCore
import Storage

/// A leaf as whoever watches the log is told it: without its salt.
struct LoggedLeaf: Hashable, Sendable {
  let index: Int
  let hash: TreeHash
  let kind: String
  let line: LogLine
  let action: String
  let at: Timestamp
  let certificateIdentifier: String?
  /// The division of the residence, six digits.
  let divisionCode: String
  /// The canonical record; empty where it was destroyed.
  let record: [UInt8]
}

/// Some leaves in their order.
struct LeafPage: Hashable, Sendable {
  let leaves: [LoggedLeaf]
  /// Where the next page begins: everything before it is told, or not asked for.
  let next: Int
  /// The newest head; nil while there is more to tell.
  let head: KeptHead?
}

extension LogTable {
  /// The leaves from an index on whose division begins with some digits: at most `limit` of them,
  /// looked for among `scanMax`, so that a page costs the same however few there are.
  ///
  /// Throws `TREE_SIZE_BEYOND_LOG` for an index beyond the next leaf.
  func page(
    _ snapshot: Snapshot, from index: Int, in division: String, limit: Int, scanMax: Int
  ) throws -> LeafPage {
    let head = try self.newestHead(snapshot)
    let size = head?.size ?? 0
    guard index <= size else {
      throw ServiceError(.treeSizeBeyondLog, metadata: ["tree_size": "\(size)"])
    }
    let end = min(size, index + scanMax)
    let rows = try snapshot.rows(
      """
      SELECT entity_kind, entity, sequence, action, at, division_code, certificate_identifier,
        record, leaf_hash, leaf_index
      FROM log_entry
      WHERE leaf_index >= \(index) AND leaf_index < \(end)
        AND division_code >= \(division) AND division_code < \(division + Self.afterDigits)
      ORDER BY leaf_index LIMIT \(limit)
      """)
    let leaves = try rows.map(self.leaf)
    let next = leaves.count == limit ? (leaves.last?.index ?? end) + 1 : end
    return LeafPage(leaves: leaves, next: next, head: next == size ? head : nil)
  }

  /// What sorts right after the digits, so that it ends the codes that begin alike.
  private static let afterDigits = ":"

  private func leaf(_ row: Row) throws -> LoggedLeaf {
    LoggedLeaf(
      index: try row.int("leaf_index"), hash: try self.hash(row, "leaf_hash"),
      kind: try row.text("entity_kind"),
      line: LogLine(entity: try row.text("entity"), version: try row.int("sequence")),
      action: try row.text("action"), at: try row.timestamp("at"),
      certificateIdentifier: try row.optionalText("certificate_identifier"),
      divisionCode: try row.text("division_code"),
      record: try self.opened(row)?.record.canonicalBytes ?? [])
  }
}
