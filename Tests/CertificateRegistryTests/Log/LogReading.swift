import Crypto
import DomainModel
import PermitProof
import ServiceCore
import Storage

@testable import CertificateRegistryCore

/// The log as it is stored, read by a test.
struct LogReading: Sendable {
  struct Entry: Sendable {
    let entity: String
    let sequence: Int
    let action: String
    let index: Int?
    let leaf: [UInt8]
    let opened: (salt: LeafSalt, record: LogRecord)?
  }

  let entries: [Entry]
  let heads: [SignedTreeHead]
  let publicKeyPEM: String?
  let nodes: [TreePlace: TreeHash]
  /// The lines of histories that have no entry.
  let unentered: Int

  init(_ store: any Store, _ log: LogTable) async throws {
    self = try await store.read { try LogReading($0, log) }
  }

  private init(_ snapshot: Snapshot, _ log: LogTable) throws {
    self.entries = try snapshot.rows("SELECT * FROM log_entry ORDER BY id").map { row in
      Entry(
        entity: try row.text("entity"), sequence: try row.int("sequence"),
        action: try row.text("action"), index: try row.optionalInt("leaf_index"),
        leaf: try row.bytes("leaf_hash"), opened: try log.opened(row))
    }
    let logID = try snapshot.row("SELECT log_id FROM log_sequencer")?.text("log_id") ?? ""
    let heads = try snapshot.rows(
      """
      SELECT size, root, at, log_head.key_id AS key_id, signature, public_key_pem FROM log_head
      JOIN signing_key ON signing_key.key_id = log_head.key_id ORDER BY size
      """)
    self.heads = try heads.map { row in
      let root = TreeHash(try row.bytes("root")) ?? .empty
      return SignedTreeHead(
        TreeHead(
          logID: logID, size: try row.int("size"), root: root, at: try row.timestamp("at"),
          keyID: try row.text("key_id")), signature: try row.bytes("signature"))
    }
    self.publicKeyPEM = try heads.last?.text("public_key_pem")
    var nodes: [TreePlace: TreeHash] = [:]
    for row in try snapshot.rows("SELECT level, node_index, hash FROM log_node") {
      let place = TreePlace(level: try row.int("level"), index: try row.int("node_index"))
      nodes[place] = TreeHash(try row.bytes("hash"))
    }
    for entry in self.entries {
      if let index = entry.index { nodes[TreePlace(level: 0, index: index)] = TreeHash(entry.leaf) }
    }
    self.nodes = nodes
    self.unentered =
      try snapshot.row(
        """
        SELECT COUNT(*) AS n FROM history WHERE NOT EXISTS (
          SELECT 1 FROM log_entry
          WHERE log_entry.entity = history.entity AND log_entry.sequence = history.sequence)
        """)?.int("n") ?? -1
  }

  /// Everything that is not as a whole log must be; nothing where all of it is sequenced and proves
  /// what it should.
  func defects() throws -> [String] {
    var defects: [String] = []
    if self.unentered != 0 { defects.append("\(self.unentered) lines without an entry") }
    let leaves = self.entries.compactMap(\.index).sorted()
    if leaves != Array(self.entries.indices) { defects.append("leaves \(leaves)") }
    let sorted = self.entries.sorted { ($0.index ?? -1) < ($1.index ?? -1) }
    for (entity, entries) in Dictionary(grouping: sorted, by: \.entity) {
      if entries.map(\.sequence) != Array(1...entries.count) {
        defects.append("order of \(entity)")
      }
    }
    for entry in self.entries {
      let leaf = entry.opened.map { $0.record.leaf(salt: $0.salt).bytes }
      if leaf != entry.leaf { defects.append("leaf of \(entry.entity)/\(entry.sequence)") }
    }
    return defects + (try self.defectsOfHeads(sorted))
  }

  private func defectsOfHeads(_ sorted: [Entry]) throws -> [String] {
    guard let last = self.heads.last?.head, let pem = self.publicKeyPEM else {
      return sorted.isEmpty ? [] : ["no head"]
    }
    var defects: [String] = []
    if last.size != sorted.count { defects.append("the head has \(last.size) leaves") }
    let key = try SM2PublicKey(pem: pem)
    var frontier = Frontier()
    var roots: [Int: TreeHash] = [:]
    for entry in sorted {
      if let leaf = TreeHash(entry.leaf) { _ = frontier.append(leaf) }
      roots[frontier.size] = frontier.root
    }
    for signed in self.heads {
      let head = signed.head
      if roots[head.size] != head.root { defects.append("the root of head \(head.size)") }
      if try !key.verify(signed.signature, of: head.canonicalBytes) {
        defects.append("the signature of head \(head.size)")
      }
      try ConsistencyProof(from: head.size, to: last.size) { self.nodes[$0] }
        .verify(earlierRoot: head.root, laterRoot: last.root)
    }
    for (index, entry) in sorted.enumerated() {
      guard let leaf = TreeHash(entry.leaf) else { continue }
      try InclusionPath(of: index, size: last.size) { self.nodes[$0] }
        .verify(leaf, root: last.root)
    }
    return defects
  }
}
