import DomainModel
import Storage

/// One line of a work list.
struct WorkLine: Hashable, Sendable {
  var caseID: String
  var applicationID: String
  var applicationNumber: String
  var kind: ApplicationKind
  var state: CaseState
  var version: Int64
  var officeCode: String
  /// The earliest due time that runs; nil while the clocks stand still and at the end.
  var dueAt: Timestamp?
  var certificateIdentifier: String?

  /// Where the next page begins: after this line.
  var place: WorkPlace {
    WorkPlace(dueAt: self.dueAt?.milliseconds ?? ApprovalStore.neverDue, caseID: self.caseID)
  }
}

/// A place in a work list that is ordered by due time and id.
struct WorkPlace: Hashable, Sendable {
  var dueAt: Int64
  var caseID: String

  /// How many digits the due time has in a token: those of the latest.
  private static let digitsCount = 19

  init(dueAt: Int64, caseID: String) {
    self.dueAt = dueAt
    self.caseID = caseID
  }

  /// The place a page's token names, nil for the empty one of the first page. Throws
  /// `PAGE_INVALID` for a token that no page gave.
  init?(token: String) throws {
    if token.isEmpty { return nil }
    guard token.utf8.count > Self.digitsCount, let dueAt = Int64(token.prefix(Self.digitsCount))
    else { throw ServiceError(.pageInvalid) }
    self.init(dueAt: dueAt, caseID: String(token.dropFirst(Self.digitsCount)))
  }

  /// The token of the page that begins after this place: the due time in digits of one length, then
  /// the id.
  var token: String {
    let digits = String(self.dueAt)
    return String(repeating: "0", count: max(0, Self.digitsCount - digits.count)) + digits
      + self.caseID
  }
}

extension ApprovalStore {
  /// The work of an office, earliest due time first: what waits for one of its officers at a stage,
  /// or, without a stage, every open case it has to do with.
  func work(
    office: String, stage: Stage?, after place: WorkPlace?, limit: Int
  ) async throws -> [WorkLine] {
    let after = place ?? WorkPlace(dueAt: Int64.min, caseID: "")
    return try await self.read { snapshot in
      if let stage {
        return try self.lines(
          snapshot, where: "work_office = \(office) AND work_stage = \(stage)", after, limit)
      }
      // Two index walks instead of an OR, which would read every open case.
      let asOffice = try self.lines(snapshot, where: "office_code = \(office)", after, limit)
      let asBureau = try self.lines(
        snapshot, where: "bureau_code = \(office) AND office_code <> \(office)", after, limit)
      let all = (asOffice + asBureau).sorted {
        ($0.place.dueAt, $0.caseID) < ($1.place.dueAt, $1.caseID)
      }
      return Array(all.prefix(limit))
    }
  }

  /// Every case after an id, by ascending id.
  func cases(
    after id: String, stage: Stage?, includeClosed: Bool, limit: Int
  ) async throws -> [WorkLine] {
    let open: SQL = includeClosed ? "" : "AND is_closed = 0"
    let atStage: SQL = stage.map { "AND work_stage = \($0)" } ?? ""
    return try await self.read { snapshot in
      try snapshot.rows(
        """
        SELECT case_id, application_id, application_number, kind, state, version, office_code,
          due_at, certificate_identifier
        FROM approval_case WHERE case_id > \(id) \(sql: open) \(sql: atStage)
        ORDER BY case_id LIMIT \(limit)
        """
      ).map(Self.line)
    }
  }

  private func lines(
    _ snapshot: Snapshot, where condition: SQL, _ after: WorkPlace, _ limit: Int
  ) throws -> [WorkLine] {
    try snapshot.rows(
      """
      SELECT case_id, application_id, application_number, kind, state, version, office_code, due_at,
        certificate_identifier
      FROM approval_case WHERE is_closed = 0 AND \(sql: condition)
        AND (due_at, case_id) > (\(after.dueAt), \(after.caseID))
      ORDER BY due_at, case_id LIMIT \(limit)
      """
    ).map(Self.line)
  }

  private static func line(_ row: Row) throws -> WorkLine {
    let dueAt = try row.int64("due_at")
    return WorkLine(
      caseID: try row.text("case_id"), applicationID: try row.text("application_id"),
      applicationNumber: try row.text("application_number"), kind: try row.choice("kind"),
      state: try row.choice("state"),
      version: try row.int64("version"), officeCode: try row.text("office_code"),
      dueAt: dueAt == Self.neverDue ? nil : Timestamp(milliseconds: dueAt),
      certificateIdentifier: try row.optionalText("certificate_identifier"))
  }
}
