import PermitProof
import Storage

/// A look at the end of the log alone, while the registry is at work.
extension RegistryAudit {
  /// How many entries one read takes: each takes a millisecond, some with a signature, and whoever
  /// reads holds one of two connections that calls wait for.
  private static let newestPageMax = 4

  /// What is found among the newest `limit` leaves, the nodes and heads over them, the newest
  /// entries that wait for theirs, and what they stand for.
  ///
  /// Where those leaves and the stored tree before them come to the root of the newest signed head,
  /// everything that will be appended continues the log that was signed. Throws `UnusableData` or
  /// `StorageError.undecodable` for a value that holds no such thing, and what the store throws.
  func newest(_ limit: Int) async throws -> AuditReport {
    guard limit > 0 else { return AuditReport() }
    let (edge, end, first) = try await self.store.read { snapshot in
      var report = AuditReport()
      let (tree, end) = try self.edge(snapshot, limit, &report)
      return (tree, end, report)
    }
    var (tree, report) = (edge, first)
    while tree.frontier.size < end, !tree.isBroken {
      (tree, report) = try await self.store.read { [tree, report] snapshot in
        var (tree, report) = (tree, report)
        try self.append(snapshot, upTo: end, to: &tree, &report)
        return (tree, report)
      }
    }
    report.leaves = end
    return try await self.store.read { [report] snapshot in
      var report = report
      let page = try self.waiting(snapshot, after: 0, limit: Self.newestPageMax)
      for entry in page { try self.check(snapshot, entry, &report) }
      return report
    }
  }

  /// The tree as it is stored before the newest leaves, and how many leaves there are: as many as
  /// the sequencer counts, as stand in entries, and as the newest head covers.
  private func edge(
    _ snapshot: Snapshot, _ limit: Int, _ report: inout AuditReport
  ) throws -> (AuditedTree, Int) {
    let row = try snapshot.row(
      """
      SELECT (SELECT MAX(size) FROM log_head) AS headed,
        (SELECT MAX(leaf_index) FROM log_entry) AS last
      """)
    let counted = try self.log.size(snapshot)
    let headed = try row?.optionalInt("headed") ?? 0
    let leaves = (try row?.optionalInt("last") ?? -1) + 1
    guard counted == headed, counted == leaves else {
      report.add(
        .leavesMissing, "log_sequencer",
        "it counts \(counted) leaves, there are \(leaves), and the newest head covers \(headed)")
      return (AuditedTree(nil, []), 0)
    }
    if counted > 0, try self.log.newestHead(snapshot)?.size != headed {
      report.add(.headAltered, "head \(headed)", "the key that signed it is not there")
      return (AuditedTree(nil, []), 0)
    }
    do {
      let before = try Frontier(size: max(0, counted - limit)) { try self.log.node(snapshot, $0) }
      return (AuditedTree(before), counted)
    } catch let defect as TreeDefect {
      report.add(.nodeAltered, "the log's tree", "\(defect)")
      return (AuditedTree(nil, []), 0)
    }
  }

  private func append(
    _ snapshot: Snapshot, upTo end: Int, to tree: inout AuditedTree, _ report: inout AuditReport
  ) throws {
    let first = tree.frontier.size
    let limit = min(Self.newestPageMax, end - first)
    let page = try self.entries(snapshot, from: first, limit: limit)
    guard !page.isEmpty else {
      report.add(.leafMissing, "leaf \(first)", "it is not there, though \(end) leaves are signed")
      return tree.breakOff()
    }
    for entry in page { try self.check(snapshot, entry, &report) }
    try self.append(snapshot, page, to: &tree, &report)
  }
}
