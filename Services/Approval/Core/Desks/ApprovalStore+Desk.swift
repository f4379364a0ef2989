import DomainModel
import ServiceCore
import Storage

extension ApprovalStore {
  /// The role of somebody who keeps out of a case.
  static let recusedRole = "recused"
  /// How many lines the history of one case's desk has at most before refused commands leave no
  /// more traces in it: somebody who tries for ever fills no disk.
  static let tracesMax = 500

  /// Under what the history keeps what happened around a case: beside its own steps, which alone
  /// say how it stood.
  static func deskHistoryID(of id: String) -> String { "\(id)/desk" }

  static func desk(_ row: Row) throws -> CaseDesk {
    var desk = CaseDesk()
    desk.claimNumber = try row.int64("claim_number")
    let holder = try row.text("held_by")
    if !holder.isEmpty {
      desk.hold = CaseDesk.Hold(
        officerID: holder, officeCode: try row.text("held_office"),
        until: try row.timestamp("held_until"))
    }
    desk.assignee = try row.text("assigned_to")
    desk.green = try row.optionalTimestamp("green_due_at").map {
      GreenChannel(reason: try row.text("green_reason"), dueAt: $0)
    }
    return desk
  }

  /// The columns of a desk, as an UPDATE sets them.
  static func columns(of desk: CaseDesk) -> SQL {
    """
    claim_number = \(desk.claimNumber), held_by = \(desk.hold?.officerID ?? ""),
    held_office = \(desk.hold?.officeCode ?? ""),
    held_until = \(desk.hold?.until.milliseconds ?? 0), assigned_to = \(desk.assignee),
    green_reason = \(desk.green?.reason ?? ""), green_due_at = \(desk.green?.dueAt)
    """
  }

  /// Who has withdrawn from a case.
  static func recused(from id: ID<ApprovalCase>) -> SQL {
    """
    SELECT officer_id FROM case_officer WHERE case_id = \(id) AND role = \(Self.recusedRole)
    """
  }

  /// Writes what happened around a case, with its line in the history; the case itself keeps its
  /// version.
  func write(
    _ transaction: Transaction, _ event: DeskEvent, from before: ApprovalCase,
    to after: ApprovalCase, _ stamp: Stamp
  ) throws {
    try transaction.update(
      """
      UPDATE approval_case SET work_office = \(after.workOffice), work_changes = work_changes + 1,
        \(sql: Self.columns(of: after.desk))
      WHERE case_id = \(after.id) AND version = \(before.version)
        AND claim_number = \(before.desk.claimNumber)
      """)
    if case .recused(let officerID) = event {
      try self.recuse(transaction, officerID, of: after.id)
    }
    try self.tables.history.append(
      transaction,
      HistoryEntry(
        event.action, of: Self.deskHistoryID(of: after.id.text), by: stamp.actor, at: stamp.now,
        detail: event.detail))
    try self.noteWork(transaction, after, leaving: before.workOffice, stamp.now)
  }

  /// How many cases an officer holds at an instant, beside one.
  func heldCount(
    _ snapshot: Snapshot, by officerID: String, beside id: ID<ApprovalCase>, now: Timestamp
  ) throws -> Int {
    try snapshot.row(
      """
      SELECT COUNT(*) AS held FROM approval_case
      WHERE held_by = \(officerID) AND held_by <> '' AND held_until > \(now) AND case_id <> \(id)
      """)?.int("held") ?? 0
  }

  /// Keeps the trace of a command that was refused, where the case is there.
  func trace(
    _ action: String, of key: CaseKey, by actor: Actor, at now: Timestamp, detail: String
  ) async throws {
    let tables = self.tables
    try await tables.store.write { transaction in
      guard let id = try self.caseID(transaction, key, within: .everything) else { return }
      let entity = Self.deskHistoryID(of: id.text)
      let traced = try transaction.row(
        """
        SELECT COUNT(*) AS traces FROM history
        WHERE entity = \(entity) AND substr(action, 1, 8) = 'refused_'
        """)
      guard try traced?.int("traces") ?? 0 < Self.tracesMax else { return }
      try tables.history.append(
        transaction,
        HistoryEntry("refused_\(action)", of: entity, by: actor, at: now, detail: detail))
    }
  }

  /// What happened around a case, oldest first. Throws as `find` does.
  func deskHistory(
    of key: CaseKey, within reach: OfficeReach, limit: Int
  ) async throws -> [HistoryEntry] {
    try await self.read { snapshot in
      guard let id = try self.caseID(snapshot, key, within: reach) else {
        throw ServiceError(.caseNotFound)
      }
      return try self.tables.history.entries(
        snapshot, of: Self.deskHistoryID(of: id.text), limit: limit)
    }
  }

  /// Cases whose claim is over after a place, by its end; at most `limit`.
  func expiredClaims(
    _ snapshot: Snapshot, at now: Timestamp, after place: WorkPlace, limit: Int
  ) throws -> [WorkPlace] {
    try snapshot.rows(
      """
      SELECT held_until, case_id FROM approval_case WHERE held_by <> '' AND held_until <= \(now)
        AND (held_until, case_id) > (\(place.dueAt), \(place.caseID))
      ORDER BY held_until, case_id LIMIT \(limit)
      """
    ).map { WorkPlace(dueAt: try $0.int64("held_until"), caseID: try $0.text("case_id")) }
  }
}
