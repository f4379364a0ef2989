import DomainModel
import ServiceCore
import Storage

// The courts' orders that hold or held a case.
extension ApprovalStore {
  func insert(
    _ transaction: Transaction, _ hold: CourtHold, of id: ID<ApprovalCase>
  ) throws {
    try transaction.execute(
      """
      INSERT INTO case_hold (case_id, document_number, court, placed_at, officer_id, office_code)
      VALUES (\(id), \(hold.documentNumber), \(hold.court), \(hold.placedAt), \(hold.officerID),
        \(hold.officeCode))
      """)
  }

  func update(
    _ transaction: Transaction, _ number: String, released release: CourtHold.Release,
    of id: ID<ApprovalCase>
  ) throws {
    try transaction.update(
      """
      UPDATE case_hold SET release_number = \(release.documentNumber), released_at = \(release.at),
        release_officer_id = \(release.officerID), release_office_code = \(release.officeCode)
      WHERE case_id = \(id) AND document_number = \(number) AND released_at IS NULL
      """)
  }

  static func holds(_ snapshot: Snapshot, of id: ID<ApprovalCase>) throws -> [CourtHold] {
    try snapshot.rows(
      """
      SELECT document_number, court, placed_at, officer_id, office_code, release_number,
        released_at, release_officer_id, release_office_code
      FROM case_hold WHERE case_id = \(id) ORDER BY placed_at, document_number
      """
    ).map { row in
      CourtHold(
        documentNumber: try row.text("document_number"), court: try row.text("court"),
        placedAt: try row.timestamp("placed_at"), officerID: try row.text("officer_id"),
        officeCode: try row.text("office_code"),
        release: try row.optionalTimestamp("released_at").map { at in
          CourtHold.Release(
            documentNumber: try row.optionalText("release_number") ?? "", at: at,
            officerID: try row.optionalText("release_officer_id") ?? "",
            officeCode: try row.optionalText("release_office_code") ?? "")
        })
    }
  }
}
