import DomainModel
import Storage

// The rows of a case's clocks: what stopped, extended and moved them, and what passed; and of the
// orders that hold it.
extension ApprovalStore {
  /// What an event brought of them.
  func saveClocks(
    _ transaction: Transaction, _ event: CaseEvent, of file: ApprovalCase
  ) throws {
    let id = file.id
    switch event {
    case .supplementLapsed(let round, let at, _):
      try transaction.execute(
        "UPDATE case_notice SET lapsed_at = \(at) WHERE case_id = \(id) AND round = \(round)")
    case .alarmed(let alarm):
      try transaction.execute(
        """
        INSERT INTO case_alarm (case_id, term, due_on, office_code, raised_at, is_open)
        VALUES (\(id), \(alarm.term), \(alarm.dueOn.iso), \(alarm.officeCode), \(alarm.raisedAt),
          1)
        """)
    case .paused(let pause):
      let number = file.pauses.count
      let note = try self.sealed.pauseNote.seal(pause.text, row: Self.row(id, number))
      try transaction.execute(
        """
        INSERT INTO case_pause (case_id, number, reason, paused_at, expected_until_on, officer_id,
          office_code, note)
        VALUES (\(id), \(number), \(pause.reason), \(pause.pausedAt), \(pause.expectedUntil.iso),
          \(pause.officerID), \(pause.officeCode), \(note))
        """)
    case .clockResumed(let at, _):
      try transaction.execute(
        """
        UPDATE case_pause SET resumed_at = \(at) WHERE case_id = \(id) AND resumed_at IS NULL
        """)
    case .extended(let made, _, _): try self.insert(transaction, made, of: file)
    case .recounted(let moves, _):
      for move in moves { try self.insert(transaction, move, of: id) }
    case .held(let hold): try self.insert(transaction, hold, of: id)
    case .holdReleased(let number, let release):
      try self.update(transaction, number, released: release, of: id)
    default: break
    }
    if file.state.isClosed, !file.alarms.isEmpty {
      try transaction.execute("UPDATE case_alarm SET is_open = 0 WHERE case_id = \(id)")
    }
  }

  private func insert(
    _ transaction: Transaction, _ made: CaseExtension, of file: ApprovalCase
  ) throws {
    let number = file.extensions.count
    let note = try self.sealed.extensionNote.seal(made.text, row: Self.row(file.id, number))
    try transaction.execute(
      """
      INSERT INTO case_extension (case_id, number, days, extended_at, officer_id, office_code, note)
      VALUES (\(file.id), \(number), \(made.days), \(made.extendedAt), \(made.officerID),
        \(made.officeCode), \(note))
      """)
  }

  private func insert(
    _ transaction: Transaction, _ move: DueDateMove, of id: ID<ApprovalCase>
  ) throws {
    try transaction.execute(
      """
      INSERT INTO due_date_move (case_id, moved_at, term, from_on, to_on, calendar_version, rule)
      VALUES (\(id), \(move.movedAt), \(move.term), \(move.from.iso), \(move.to.iso),
        \(move.calendarVersion), \(move.rule))
      """)
  }

  /// A pause that was open when its case was lost is over, for intake's due dates count.
  func dropOpenPauses(_ transaction: Transaction, of id: ID<ApprovalCase>) throws {
    try transaction.execute(
      "DELETE FROM case_pause WHERE case_id = \(id) AND resumed_at IS NULL")
  }

  /// Reads them into their case.
  func readClocks(_ snapshot: Snapshot, of file: inout ApprovalCase) throws {
    file.pauses = try self.pauses(snapshot, of: file.id)
    file.extensions = try self.extensions(snapshot, of: file.id)
    file.alarms = try Self.alarms(snapshot, of: file.id)
    file.moves = try Self.moves(snapshot, of: file.id)
    file.holds = try Self.holds(snapshot, of: file.id)
  }

  private func pauses(_ snapshot: Snapshot, of id: ID<ApprovalCase>) throws -> [CasePause] {
    try snapshot.rows(
      """
      SELECT number, reason, paused_at, expected_until_on, officer_id, office_code, note, resumed_at
      FROM case_pause WHERE case_id = \(id) ORDER BY number
      """
    ).map { row in
      let place = Self.row(id, try row.int("number"))
      return CasePause(
        reason: try row.choice("reason"), pausedAt: try row.timestamp("paused_at"),
        expectedUntil: try row.date("expected_until_on"),
        officerID: try row.text("officer_id"), officeCode: try row.text("office_code"),
        text: try self.sealed.pauseNote.openText(row.bytes("note"), row: place),
        resumedAt: try row.optionalTimestamp("resumed_at"))
    }
  }

  private func extensions(
    _ snapshot: Snapshot, of id: ID<ApprovalCase>
  ) throws -> [CaseExtension] {
    try snapshot.rows(
      """
      SELECT number, days, extended_at, officer_id, office_code, note
      FROM case_extension WHERE case_id = \(id) ORDER BY number
      """
    ).map { row in
      let place = Self.row(id, try row.int("number"))
      return CaseExtension(
        days: try row.int("days"), extendedAt: try row.timestamp("extended_at"),
        officerID: try row.text("officer_id"), officeCode: try row.text("office_code"),
        text: try self.sealed.extensionNote.openText(row.bytes("note"), row: place))
    }
  }

  private static func alarms(_ snapshot: Snapshot, of id: ID<ApprovalCase>) throws -> [CaseAlarm] {
    try snapshot.rows(
      """
      SELECT term, due_on, office_code, raised_at FROM case_alarm
      WHERE case_id = \(id) ORDER BY raised_at, due_on, term
      """
    ).map { row in
      CaseAlarm(
        term: try row.choice("term"), dueOn: try row.date("due_on"),
        raisedAt: try row.timestamp("raised_at"), officeCode: try row.text("office_code"))
    }
  }

  private static func moves(_ snapshot: Snapshot, of id: ID<ApprovalCase>) throws -> [DueDateMove] {
    try snapshot.rows(
      """
      SELECT term, from_on, to_on, calendar_version, rule, moved_at FROM due_date_move
      WHERE case_id = \(id) ORDER BY moved_at, term
      """
    ).map(Self.move)
  }

  static func move(_ row: Row) throws -> DueDateMove {
    DueDateMove(
      term: try row.choice("term"), from: try row.date("from_on"), to: try row.date("to_on"),
      calendarVersion: try row.text("calendar_version"), rule: try row.text("rule"),
      movedAt: try row.timestamp("moved_at"))
  }

  static func row(_ id: ID<ApprovalCase>, _ number: Int) -> String { "\(id.text)/\(number)" }
}

extension ApprovalCase {
  /// How many rows the case has beside its own for its clocks, and for the orders that hold it.
  var clockRowsCount: Int {
    self.pauses.count + self.extensions.count + self.alarms.count + self.moves.count
      + self.holds.count
  }
}
