import RPC
import Storage
import StorageSQLite
import Synchronization

/// Looks at a store after each of its commits, for what may not be there even for a moment: a row
/// that is gone, older than it was or where no step leads; two open applications or two live
/// permits of one person; a message that is parked although no receiver refuses for good; a change
/// of the registry without its one entry in the log, or a log with a gap.
final class CommitCheck: Sendable {
  private struct Row: Sendable {
    let id: String
    let version: Int64
    let state: String
  }

  private struct Counted: Sendable {
    let what: String
    let query: SQL
  }

  private let name: ServiceName
  private let steps: LegalSteps?
  /// What there may be none of.
  private let counted: [Counted]
  private let seen = Mutex<[String: Row]>([:])

  init(_ name: ServiceName) {
    self.name = name
    self.steps = LegalSteps.of(name)
    self.counted = Self.counted(name)
  }

  /// What is wrong; empty where all is well.
  func findings(in store: SQLiteStore) async throws -> [String] {
    let (steps, counted) = (self.steps, self.counted)
    let (rows, counts) = try await store.read { snapshot in
      let rows = try steps.map { steps in
        try snapshot.rows(steps.query).map {
          Row(
            id: try $0.text("id"), version: try $0.int64("version"), state: try $0.text("state"))
        }
      }
      let counts = try counted.map { try snapshot.row($0.query)?.int("n") ?? 0 }
      return (rows ?? [], counts)
    }
    let many = zip(counted, counts).filter { $1 > 0 }.map { "\($1) \($0.what)" }
    return many + (steps.map { self.compare(rows, $0) } ?? [])
  }

  private func compare(_ rows: [Row], _ steps: LegalSteps) -> [String] {
    let now = Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let before = self.seen.withLock { seen in
      defer { seen = now }
      return seen
    }
    let gone = before.keys.filter { now[$0] == nil }.sorted().map { "\($0) is gone" }
    return gone
      + rows.compactMap { row in
        guard let old = before[row.id] else {
          return steps.allowsFirst(row.state) ? nil : "\(row.id) began as \(row.state)"
        }
        if row.version < old.version {
          return "\(row.id) went back from version \(old.version) to \(row.version)"
        }
        if !steps.allow(from: old.state, to: row.state) {
          return "\(row.id) went from \(old.state) to \(row.state)"
        }
        let isUnversioned = row.state != old.state && row.version == old.version
        return isUnversioned && self.name != .notification
          ? "\(row.id) went from \(old.state) to \(row.state) without a version" : nil
      }
  }

  private static func counted(_ name: ServiceName) -> [Counted] {
    let parked = Counted(
      what: "messages are parked",
      query: "SELECT COUNT(*) AS n FROM outbox WHERE parked_at IS NOT NULL")
    switch name {
    case .notification: return []
    case .approval: return [parked]
    case .intake:
      return [
        parked,
        Counted(
          what: "persons have two open applications",
          query: """
            SELECT COUNT(*) AS n FROM (SELECT person_id FROM application
              WHERE state IN ('submitted', 'supplement_needed', 'accepted')
              GROUP BY person_id HAVING COUNT(*) > 1) AS twice
            """),
      ]
    case .registry:
      return [
        parked,
        Counted(
          what: "persons have two permits",
          query: """
            SELECT COUNT(*) AS n FROM (SELECT person_id FROM permit
              GROUP BY person_id HAVING COUNT(*) > 1) AS twice
            """),
      ] + Self.ofTheLog
    }
  }

  /// Each line of the history has its entry in the same commit, and at each commit the leaves are
  /// numbered without a gap, as far as the newest head says.
  private static let ofTheLog = [
    Counted(
      what: "changes are not in the log",
      query: """
        SELECT COUNT(*) AS n FROM history WHERE NOT EXISTS (
          SELECT 1 FROM log_entry
          WHERE log_entry.entity = history.entity AND log_entry.sequence = history.sequence)
        """),
    Counted(
      what: "leaves are missing under the newest head",
      query: """
        SELECT ABS(COALESCE((SELECT MAX(size) FROM log_head), 0) - COUNT(leaf_index))
          + ABS(COALESCE(MAX(leaf_index) + 1, 0) - COUNT(leaf_index)) AS n
        FROM log_entry
        """),
  ]
}
