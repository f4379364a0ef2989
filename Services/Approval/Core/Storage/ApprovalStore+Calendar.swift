import DomainModel
import ServiceCore
import Storage

/// An open case with a provisional due date, as far as its own row tells.
struct ProvisionalRow {
  let id: String
  private let row: Row

  init(_ row: Row) throws {
    self.id = try row.text("case_id")
    self.row = row
  }

  /// The case, where its own row says all that its clocks depend on: no notice was given, no clock
  /// stopped or extended, and no stage has a term. Nil for others, which are read whole.
  func plain() throws -> ApprovalCase? {
    guard try self.row.int("clock_rows") == 0, try self.row.int("round") == 1,
      try self.row.optionalText("stage_on") == nil
    else { return nil }
    let state: CaseState = try self.row.choice("state")
    guard state.waitingFor != .applicant else { return nil }
    return ApprovalCase(
      id: ID(self.id), origin: try ApprovalStore.origin(self.row), state: state,
      version: try self.row.int64("version"), clocks: try ApprovalStore.clocks(self.row))
  }
}

extension ApprovalStore {
  /// Open cases with a provisional due date, by ascending id.
  func provisional(
    _ snapshot: Snapshot, after id: String, limit: Int
  ) throws -> [ProvisionalRow] {
    try snapshot.rows(
      """
      SELECT case_id, application_id, application_number, kind, channel, policy_version,
        office_code, bureau_code, submitted_at, failed_rules, state, version, round, clock_rows,
        acceptance_on, acceptance_provisional, accepted_at, promise_on, promise_provisional,
        statute_on, statute_provisional, stage_on, stage_provisional, about_certificate,
        about_registration
      FROM approval_case
      WHERE is_closed = 0
        AND CASE WHEN accepted_at IS NULL THEN acceptance_provisional ELSE 0 END
          + promise_provisional + statute_provisional + stage_provisional > 0
        AND case_id > \(id)
      ORDER BY case_id LIMIT \(limit)
      """
    ).map(ProvisionalRow.init)
  }

  /// Writes which dates of a case are provisional; the dates themselves stay, and so does the
  /// version, for nothing has changed that anybody could have read otherwise.
  func setProvisional(
    _ transaction: Transaction, as clocks: RunningClocks, of file: ApprovalCase
  ) throws {
    try transaction.update(
      """
      UPDATE approval_case SET acceptance_provisional = \(clocks.acceptance.isProvisional),
        promise_provisional = \(clocks.promise?.isProvisional ?? false),
        statute_provisional = \(clocks.statute?.isProvisional ?? false),
        stage_provisional = \(clocks.stage?.isProvisional ?? false)
      WHERE case_id = \(file.id) AND version = \(file.version)
      """)
  }

  /// What calendars moved, oldest first, after a place; of one calendar or of all.
  func moves(
    of calendar: String, after place: ClockPlace?, limit: Int
  ) async throws -> [(number: String, caseID: String, move: DueDateMove)] {
    let version: SQL = calendar.isEmpty ? "" : "AND calendar_version = \(calendar)"
    let after = place ?? .first
    return try await self.read { snapshot in
      try snapshot.rows(
        """
        SELECT due_date_move.case_id AS case_id, application_number, term, from_on, to_on,
          calendar_version, rule, moved_at
        FROM due_date_move JOIN approval_case ON approval_case.case_id = due_date_move.case_id
        WHERE (moved_at, due_date_move.case_id, term)
            > (\(after.at), \(after.caseID), \(after.term)) \(sql: version)
        ORDER BY moved_at, due_date_move.case_id, term LIMIT \(limit)
        """
      ).map { row in
        (try row.text("application_number"), try row.text("case_id"), try Self.move(row))
      }
    }
  }

  /// What open cases alarm the offices that a caller reaches of, oldest first, after a place.
  func alarms(
    within reach: OfficeReach, after place: ClockPlace?, limit: Int
  ) async throws -> [(number: String, caseID: String, alarm: CaseAlarm)] {
    let after = place ?? .first
    return try await self.read { snapshot in
      try snapshot.rows(
        """
        SELECT case_alarm.case_id AS case_id, application_number, term, due_on, raised_at,
          case_alarm.office_code AS office_code
        FROM case_alarm JOIN approval_case ON approval_case.case_id = case_alarm.case_id
        WHERE is_open = 1 AND \(sql: reach.condition(on: "case_alarm.office_code"))
          AND (raised_at, case_alarm.case_id, term)
            > (\(after.at), \(after.caseID), \(after.term))
        ORDER BY raised_at, case_alarm.case_id, term LIMIT \(limit)
        """
      ).map { row in
        let alarm = CaseAlarm(
          term: try row.choice("term"), dueOn: try row.date("due_on"),
          raisedAt: try row.timestamp("raised_at"), officeCode: try row.text("office_code"))
        return (try row.text("application_number"), try row.text("case_id"), alarm)
      }
    }
  }
}

/// A place in a list of what the clocks of cases did, by its instant, case and term.
struct ClockPlace: Hashable, Sendable {
  var at: Int64
  var caseID: String
  var term: String

  /// Before all others.
  static let first = ClockPlace(at: .min, caseID: "", term: "")

  /// How many digits the instant has in a token.
  private static let digitsCount = 19

  init(at: Int64, caseID: String, term: String) {
    self.at = at
    self.caseID = caseID
    self.term = term
  }

  /// The place a page's token names, nil for the empty one of the first page. Throws
  /// `PAGE_INVALID` for a token that no page gave.
  init?(token: String) throws {
    if token.isEmpty { return nil }
    let rest = token.dropFirst(Self.digitsCount)
    guard let at = Int64(token.prefix(Self.digitsCount)),
      let index = rest.first?.wholeNumberValue, CaseTerm.allCases.indices.contains(index)
    else { throw ServiceError(.pageInvalid) }
    self.init(
      at: at, caseID: String(rest.dropFirst()), term: CaseTerm.allCases[index].rawValue)
  }

  /// The token of the page that begins after this place: the instant in digits of one length, one
  /// for the term, then the case's id.
  var token: String {
    let digits = String(self.at)
    let index = CaseTerm.allCases.firstIndex { $0.rawValue == self.term } ?? 0
    return String(repeating: "0", count: max(0, Self.digitsCount - digits.count)) + digits
      + String(index) + self.caseID
  }
}
