import Crypto
import DomainModel
import PermitProof
import Storage

/// The tree over the leaves as they are read, and what was said of it before.
struct AuditedTree: Sendable {
  /// The witnessed heads, the smallest first.
  let witnessed: [SignedTreeHead]
  private let logID: String?
  private(set) var frontier = Frontier()
  /// A leaf is missing: there is no tree to be compared any more.
  private(set) var isBroken = false
  /// The last witnessed head that the log still has.
  private var agreed = 0
  /// When the head before was signed.
  var headAt = Timestamp(milliseconds: 0)

  init(_ logID: String?, _ witnessed: [SignedTreeHead]) {
    self.logID = logID
    self.witnessed = witnessed.sorted { $0.head.size < $1.head.size }
  }

  /// A tree from some leaf on, with nothing witnessed of it.
  init(_ frontier: Frontier) {
    self.init(nil, [])
    self.frontier = frontier
  }

  /// Notes that the next leaf is not there.
  mutating func breakOff() { self.isBroken = true }

  /// Appends a leaf, and gives the nodes above it that are complete with it.
  mutating func append(_ leaf: TreeHash) -> [TreeNode] {
    self.frontier.append(leaf).filter { $0.place.level > 0 }
  }

  /// Compares with the heads that were witnessed of just this size.
  mutating func compareWitnessed(_ report: inout AuditReport) {
    for signed in self.witnessed where signed.head.size == self.frontier.size {
      let head = signed.head
      let size = head.size
      if head.logID != self.logID {
        report.add(
          .witnessDiffers, "head \(size)",
          "the witnessed head is of log \(head.logID), the store has log \(self.logID ?? "none")")
      } else if head.root != self.frontier.root {
        report.add(
          .witnessDiffers, "head \(size)",
          "leaves \(self.agreed) to \(size - 1) are not as they were witnessed: something was "
            + "altered, dropped, put elsewhere or back-dated among them")
      } else {
        self.agreed = size
      }
    }
  }

  /// Tells which witnessed heads the log did not reach.
  func finish(_ report: inout AuditReport) {
    report.leaves = self.frontier.size
    report.witnessed = self.agreed
    guard !self.isBroken else { return }
    for signed in self.witnessed where signed.head.size > self.frontier.size {
      report.add(
        .leavesMissing, "head \(signed.head.size)",
        "leaves \(self.frontier.size) to \(signed.head.size - 1) were witnessed and are not there")
    }
  }
}

extension RegistryAudit {
  /// Appends a page's leaves, and compares nodes and heads with what the store has of them.
  func append(
    _ snapshot: Snapshot, _ page: [AuditedEntry], to tree: inout AuditedTree,
    _ report: inout AuditReport
  ) throws {
    let first = tree.frontier.size
    var made: [TreeNode] = []
    var roots: [Int: TreeHash] = [:]
    for entry in page where !tree.isBroken {
      let size = tree.frontier.size
      guard let index = entry.index, index == size, let hash = entry.hash else {
        report.add(
          .leafMissing, "leaf \(size)",
          "it is not there, though \(entry.place) is: no later leaf "
            + "can be compared with the witnessed heads")
        tree.breakOff()
        break
      }
      made += tree.append(hash)
      roots[tree.frontier.size] = tree.frontier.root
      tree.compareWitnessed(&report)
    }
    try self.compare(made, with: self.nodes(snapshot, from: first, to: tree.frontier.size), &report)
    try self.compareHeads(snapshot, after: first, roots, in: &tree, &report)
  }

  /// The stored nodes that the leaves from one number up to another complete.
  private func nodes(
    _ snapshot: Snapshot, from first: Int, to end: Int
  ) throws -> [TreePlace: TreeHash] {
    var nodes: [TreePlace: TreeHash] = [:]
    var level = 1
    while end >> level > 0 {
      let rows = try snapshot.rows(
        """
        SELECT node_index, hash FROM log_node
        WHERE level = \(level) AND node_index >= \(first >> level) AND node_index < \(end >> level)
        """)
      for row in rows {
        nodes[TreePlace(level: level, index: try row.int("node_index"))] = TreeHash(
          try row.bytes("hash"))
      }
      level += 1
    }
    return nodes
  }

  /// Of nodes that differ, those under which everything is as it was say where: the others only
  /// follow from them.
  private func compare(
    _ made: [TreeNode], with kept: [TreePlace: TreeHash], _ report: inout AuditReport
  ) {
    var differing: Set<TreePlace> = []
    for node in made.sorted(by: { $0.place.level < $1.place.level })
    where kept[node.place] != node.hash {
      let place = node.place
      differing.insert(place)
      let below = [0, 1].map { TreePlace(level: place.level - 1, index: place.index * 2 + $0) }
      if below.contains(where: differing.contains) { continue }
      let first = place.index << place.level
      report.add(
        .nodeAltered, "leaves \(first) to \(first + (1 << place.level) - 1)",
        "the tree was made of other leaves, or its node \(place.index) of level \(place.level) was "
          + "altered or dropped")
    }
  }

  private func compareHeads(
    _ snapshot: Snapshot, after first: Int, _ roots: [Int: TreeHash], in tree: inout AuditedTree,
    _ report: inout AuditReport
  ) throws {
    let heads = try self.log.heads(snapshot, after: first, limit: Self.pageMax)
    let witnessed = Dictionary(
      tree.witnessed.map { ($0.head.size, $0) }, uniquingKeysWith: { first, _ in first })
    for kept in heads where kept.size <= tree.frontier.size {
      report.heads += 1
      let place = "head \(kept.size)"
      if roots[kept.size] != kept.signed.head.root {
        report.add(.headAltered, place, "its root is not that of the leaves")
      }
      if !self.isSigned(kept) { report.add(.headAltered, place, "its signature is wrong") }
      if kept.signed.head.at < tree.headAt {
        report.add(.headAltered, place, "it is dated before the head before it")
      }
      tree.headAt = kept.signed.head.at
      if let known = witnessed[kept.size], known.head != kept.signed.head {
        report.add(.headAltered, place, "it is not the one that was witnessed")
      }
    }
    let sizes = Set(heads.map(\.size))
    for size in roots.keys.sorted() where witnessed[size] != nil && !sizes.contains(size) {
      report.add(.headAltered, "head \(size)", "it was witnessed, and the store has it no more")
    }
  }

  private func isSigned(_ kept: KeptHead) -> Bool {
    let head = kept.signed.head
    let key =
      self.keys?[head.keyID]?.key ?? (try? SM2PublicKey(pem: kept.publicKeyPEM))
    return (try? key?.verify(kept.signed.signature, of: head.canonicalBytes)) == true
  }
}
