import Crypto
public import DomainModel
public import PermitProof
import ServiceCore
public import Storage

/// Compares a registry's store with heads of its log that somebody else has kept.
///
/// Every leaf is computed anew from what it stands for, leaf by leaf in the order of the log, a
/// page at a time: the line of the history, how the entity stood, the certificate, and for the
/// newest line of each entity its row. Then the tree over the leaves must be the one that was
/// witnessed. Whoever alters, drops, moves or back-dates anything that a witnessed head covers must
/// therefore find another record with the same hash, or be found.
public struct RegistryAudit: Sendable {
  /// How many entries one read takes.
  static let pageMax = 512

  let store: any Store
  let permits: PermitTable
  let registrations: RegistrationTable
  let log: LogTable
  /// By these heads' and certificates' signatures are judged; where a key is not among them, by the
  /// one that the store has, and nil where only those are to be had.
  let keys: SigningKeyRing?

  /// An audit of a store, whose sealed columns `sealer` opens. Nothing else works on it meanwhile.
  public init(_ store: any Store, sealer: any Sealer, keys: SigningKeyRing) {
    self.init(store, sealer: sealer, trusting: keys)
  }

  init(_ store: any Store, sealer: any Sealer, trusting keys: SigningKeyRing?) {
    let tables = ServiceTables(store, sealer: sealer)
    self.store = store
    self.log = LogTable(
      tables.history, sealer: sealer, signingKeys: SigningKeyTable(successions: []))
    self.registrations = RegistrationTable(
      tables, sealer: sealer, format: .wire, log: self.log)
    self.permits = PermitTable(tables, sealer: sealer, format: .wire, log: self.log)
    self.keys = keys
  }

  /// What there is to be found. Throws `AuditRefused` for a store that is no registry's of this
  /// release or that somebody works on meanwhile, and for heads whose signatures no trusted key
  /// made, and what the store throws.
  public func run(against witnessed: [SignedTreeHead]) async throws -> AuditReport {
    for head in witnessed { try self.check(head) }
    try await self.checkSchema()
    let before = try await self.mark()
    var tree = AuditedTree(try await self.logID(), witnessed)
    var report = AuditReport()
    var number = 0
    while true {
      let first = number
      let (found, next) = try await self.store.read { [tree, report] snapshot in
        var (tree, report) = (tree, report)
        let page = try self.entries(snapshot, from: first)
        for entry in page { try self.check(snapshot, entry, &report) }
        try self.append(snapshot, page, to: &tree, &report)
        return ((tree, report), page.last?.index.map { $0 + 1 })
      }
      (tree, report) = found
      guard let next else { break }
      number = next
    }
    tree.finish(&report)
    if !tree.isBroken { try await self.addTail(after: tree.frontier.size, to: &report) }
    try await self.addWaiting(to: &report)
    try await self.addStrays(to: &report)
    guard try await self.mark() == before else {
      throw AuditRefused(
        description: "\(self.store.name) was changed while it was audited: stop every replica of "
          + "its service, or audit a copy")
    }
    return report
  }

  /// What no change of a registry leaves as it was: its last entry, and what the sequencer counts.
  private func mark() async throws -> [Int64] {
    let log = self.log
    return try await self.store.read { snapshot in
      let row = try snapshot.row("SELECT MAX(id) AS last FROM log_entry")
      let last: Int64? = try row?.optional("last")
      return [last ?? 0, Int64(try log.size(snapshot))]
    }
  }

  /// Throws where no trusted key has signed a head: it would prove nothing.
  private func check(_ signed: SignedTreeHead) throws {
    let head = signed.head
    guard let trusted = self.keys?[head.keyID] else {
      throw AuditRefused(
        description: "the witnessed head of \(head.size) leaves is signed by \(head.keyID), which "
          + "is none of the trusted keys")
    }
    guard (try? trusted.key.verify(signed.signature, of: head.canonicalBytes)) == true else {
      throw AuditRefused(
        description: "the witnessed head of \(head.size) leaves is not signed by \(head.keyID): it "
          + "is no head of this registry")
    }
  }

  private func checkSchema() async throws {
    let refused = AuditRefused(
      description: "\(self.store.name) is no registry's store of this release: audit it with its "
        + "own release, or start its service once")
    let names: [String]
    do {
      names = try await self.store.read { snapshot in
        try snapshot.rows("SELECT name FROM schema_step ORDER BY version")
          .map { try $0.text("name") }
      }
    } catch StorageError.statementInvalid {
      throw refused
    }
    guard names.starts(with: RegistryMigrations.all.map(\.name)) else { throw refused }
  }

  private func logID() async throws -> String? {
    try await self.store.read { snapshot in
      try snapshot.row("SELECT log_id FROM log_sequencer")?.text("log_id")
    }
  }

  /// What was signed or counted beyond the last leaf there is: a log whose end was cut off.
  private func addTail(after size: Int, to report: inout AuditReport) async throws {
    let log = self.log
    let (counted, beyond) = try await self.store.read { snapshot in
      (try log.size(snapshot), try log.heads(snapshot, after: size, limit: 1).first)
    }
    if let beyond {
      report.add(
        .leavesMissing, "head \(beyond.size)",
        "it was signed, and the store has no leaf from \(size) on")
    }
    if counted != size {
      report.add(
        .leavesMissing, "log_sequencer", "it counts \(counted) leaves, and there are \(size)")
    }
  }

  /// Entries without a leaf are no part of any tree, but what they stand for is checked as well: so
  /// none hides a row.
  private func addWaiting(to report: inout AuditReport) async throws {
    var last: Int64? = 0
    while let after = last {
      let (found, next) = try await self.store.read { [report] snapshot in
        var report = report
        let page = try self.waiting(snapshot, after: after)
        for entry in page { try self.check(snapshot, entry, &report) }
        report.waiting += page.count
        return (report, page.count == Self.pageMax ? page.last?.number : nil)
      }
      report = found
      last = next
    }
  }
}
