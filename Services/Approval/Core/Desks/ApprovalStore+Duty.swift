import DomainModel
import ServiceCore
import Storage

extension ApprovalStore {
  /// Signalled when it was said anew who is there.
  static let dutyTopic: Topic = "office_duty"

  /// Who is there at some offices at an instant.
  func people(_ snapshot: Snapshot, at offices: [String], now: Timestamp) throws -> DeskPeople {
    var people = DeskPeople()
    let rows = try snapshot.rows(
      """
      SELECT office_code, officer_id, roles, '' AS delegate_id, 0 AS is_absence
        FROM office_duty WHERE office_code IN \(values: offices)
      UNION ALL
      SELECT office_code, officer_id, '' AS roles, delegate_id, 1 AS is_absence
        FROM officer_absence WHERE office_code IN \(values: offices)
          AND from_at <= \(now) AND until_at > \(now)
      """, rowsMax: Self.peopleRowsMax)
    for row in rows {
      let (office, officer) = (try row.text("office_code"), try row.text("officer_id"))
      if try row.bool("is_absence") {
        people.absences.append(
          Absence(
            officerID: officer, officeCode: office, from: now, until: now,
            delegateID: try row.text("delegate_id")))
      } else {
        let roles = try row.text("roles").split(separator: ",").map(String.init)
        people.duty[office, default: [:]][officer] = Set(roles)
      }
    }
    return people
  }

  /// How many rows that can be: of some offices all officers, and all of them away.
  private static let peopleRowsMax = 64 * DeskPeople.officersMax

  /// Replaces the list of who is on duty at an office.
  func replaceDuty(
    _ transaction: Transaction, at office: String, by officers: [(id: String, roles: [String])]
  ) throws {
    try transaction.execute("DELETE FROM office_duty WHERE office_code = \(office)")
    for officer in officers {
      try transaction.execute(
        """
        INSERT INTO office_duty (office_code, officer_id, roles)
        VALUES (\(office), \(officer.id), \(officer.roles.joined(separator: ",")))
        """)
    }
    transaction.signal(Self.dutyTopic)
  }

  /// Writes down an absence in place of the one before; one that is over already takes it away.
  func replaceAbsence(_ transaction: Transaction, by absence: Absence, now: Timestamp) throws {
    try transaction.execute(
      """
      DELETE FROM officer_absence
      WHERE office_code = \(absence.officeCode) AND officer_id = \(absence.officerID)
      """)
    if absence.until > now {
      let count = try transaction.row(
        """
        SELECT COUNT(*) AS away FROM officer_absence WHERE office_code = \(absence.officeCode)
        """)?.int("away")
      if count ?? 0 >= DeskPeople.officersMax {
        throw ServiceError(
          .requestInvalid, violations: [DefectReason.numberOutOfRange.violation(at: "officer_id")])
      }
      try transaction.execute(
        """
        INSERT INTO officer_absence (office_code, officer_id, from_at, until_at, delegate_id)
        VALUES (\(absence.officeCode), \(absence.officerID), \(absence.from), \(absence.until),
          \(absence.delegateID))
        """)
    }
    transaction.signal(Self.dutyTopic)
  }

  /// For whom an officer stands in at an instant.
  func absentBehind(
    _ snapshot: Snapshot, _ delegate: String, at office: String, now: Timestamp
  ) throws -> [String] {
    try snapshot.rows(
      """
      SELECT officer_id FROM officer_absence
      WHERE office_code = \(office) AND delegate_id = \(delegate) AND from_at <= \(now)
        AND until_at > \(now)
      """
    ).map { try $0.text("officer_id") }
  }

  /// How many offices there are at most.
  private static let officesMax = 10_000

  /// The offices of which it is known who is there.
  func officesOnDuty(_ snapshot: Snapshot) throws -> [String] {
    try snapshot.rows(
      "SELECT DISTINCT office_code FROM office_duty ORDER BY office_code",
      rowsMax: Self.officesMax
    ).map { try $0.text("office_code") }
  }

  /// Cases that wait at an office for a stage after a place, earliest due first.
  func waiting(
    _ snapshot: Snapshot, at office: String, for stage: Stage, after place: WorkPlace, limit: Int
  ) throws -> [WorkPlace] {
    try snapshot.rows(
      """
      SELECT due_at, case_id FROM approval_case
      WHERE is_closed = 0 AND work_office = \(office) AND work_stage = \(stage)
        AND (due_at, case_id) > (\(place.dueAt), \(place.caseID))
      ORDER BY due_at, case_id LIMIT \(limit)
      """
    ).map { WorkPlace(dueAt: try $0.int64("due_at"), caseID: try $0.text("case_id")) }
  }
}
