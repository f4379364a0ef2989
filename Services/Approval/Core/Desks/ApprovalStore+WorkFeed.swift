import DomainModel
import ServiceCore
import Storage

/// One change of an office's work as its watchers are told it.
struct WorkFeedChange: Sendable {
  let place: FeedPlace<ApprovalCase>
  /// The state it had come to.
  let state: CaseState
  let at: Timestamp
  let officeFrom: String
  let officeTo: String
  /// The case by now.
  let line: WorkLine
}

/// The feed of offices' work: a row for each change, written with it, which gets its position
/// afterwards (`FeedSequencer` says why).
extension ApprovalStore {
  /// Signalled by each commit that changed an office's work.
  static let workTopic: Topic = "work"
  /// Signalled when changes have got their positions.
  static let workFeedTopic: Topic = "work_feed"
  /// How many changes the feed keeps; a watcher whose place is older lists the work again.
  static let workChangesKept = 1_000_000

  /// Notes that an office's work has changed; nothing where no office has it, before or after. Each
  /// statement that writes a case counts `work_changes`, so that no two have one number.
  func noteWork(
    _ transaction: Transaction, _ file: ApprovalCase, leaving office: String, _ now: Timestamp
  ) throws {
    if office.isEmpty && file.workOffice.isEmpty { return }
    try transaction.execute(
      """
      INSERT INTO work_change (case_id, number, office_from, office_to, state, at)
      SELECT case_id, work_changes + 1, \(office), work_office, state, \(now)
      FROM approval_case WHERE case_id = \(file.id)
      """)
    transaction.signal(Self.workTopic)
  }

  /// Gives positions to at most `limit` changes that have none; returns how many. The changes of
  /// one case keep their order.
  /// Beyond those that are kept the oldest go.
  func sequenceWork(limit: Int, kept: Int = Self.workChangesKept) async throws -> Int {
    let isWaiting = try await self.read { snapshot in
      try snapshot.exists("SELECT 1 FROM work_change WHERE position IS NULL")
    }
    guard isWaiting else { return 0 }
    return try await self.tables.store.write { transaction in
      try transaction.lock("work_feed")
      let last =
        try transaction.row("SELECT MAX(position) AS last FROM work_change")?.optionalInt("last")
        ?? 0
      let count = try transaction.changedRows(
        """
        UPDATE work_change SET position = \(last) + numbered.place
        FROM (
          SELECT case_id, number, ROW_NUMBER() OVER (ORDER BY case_id, number) AS place
          FROM (
            SELECT case_id, number FROM work_change WHERE position IS NULL
            ORDER BY case_id, number LIMIT \(limit)
          ) AS waiting
        ) AS numbered
        WHERE work_change.case_id = numbered.case_id AND work_change.number = numbered.number
        """)
      if last + count > kept {
        try transaction.execute(
          "DELETE FROM work_change WHERE position <= \(last + count - kept)")
      }
      if count > 0 { transaction.signal(Self.workFeedTopic) }
      return count
    }
  }

  /// Whether a token's place is a change of the office's work.
  func isKnown(_ place: FeedPlace<ApprovalCase>, of office: String) async throws -> Bool {
    try await self.read { snapshot in
      try snapshot.exists(
        """
        SELECT 1 FROM work_change
        WHERE case_id = \(place.entity) AND number = \(place.version)
          AND position = \(place.position)
          AND (office_to = \(office) OR office_from = \(office))
        """)
    }
  }

  /// The changes of an office's work after a position, in order; at most `limit`.
  func workChanges(
    of office: String, after position: Int64, limit: Int
  ) async throws -> [WorkFeedChange] {
    try await self.read { snapshot in
      // Two index walks instead of an OR, which would read every change.
      let there = try self.workChanges(
        snapshot, where: "office_to = \(office)", after: position, limit)
      let gone = try self.workChanges(
        snapshot, where: "office_from = \(office) AND office_from <> office_to", after: position,
        limit)
      let all = (there + gone).sorted { $0.place.position < $1.place.position }
      return Array(all.prefix(limit))
    }
  }

  private func workChanges(
    _ snapshot: Snapshot, where condition: SQL, after position: Int64, _ limit: Int
  ) throws -> [WorkFeedChange] {
    try snapshot.rows(
      """
      SELECT work_change.number, work_change.position, work_change.office_from,
        work_change.office_to, work_change.state AS changed_state, work_change.at,
        \(sql: Self.lineColumns)
      FROM work_change
      JOIN approval_case ON approval_case.case_id = work_change.case_id
      WHERE \(sql: condition) AND position IS NOT NULL AND position > \(position)
      ORDER BY position LIMIT \(limit)
      """
    ).map { row in
      WorkFeedChange(
        place: FeedPlace(
          position: try row.int64("position"), entity: try row.id("case_id"),
          version: try row.int64("number")),
        state: try row.choice("changed_state"), at: try row.timestamp("at"),
        officeFrom: try row.text("office_from"), officeTo: try row.text("office_to"),
        line: try Self.line(row))
    }
  }

  /// Says when there may be new positions; ends when the process stops.
  func newWork(by time: any TimeSource) -> Changes {
    Changes(of: Self.workFeedTopic, in: self.tables.store, by: time)
  }
}
