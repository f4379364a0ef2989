import DomainModel
import Storage

/// The rows that an application has in other tables once it was submitted, read together.
struct ApplicationParts {
  let materials: [Row]
  let findings: [Row]
  /// The oldest first, like reasons and opinions.
  let notices: [Row]
  let reasons: [Row]
  let opinions: [Row]

  init(_ snapshot: Snapshot, of id: ID<Application>) throws {
    let rows = try snapshot.rows(together: [
      Self.given(to: id),
      """
      SELECT rule, passed, met_on, result, facts, missing, article
      FROM application_finding WHERE application_id = \(id)
      """,
      """
      SELECT sequence, round, notified_at, supplemented_at FROM application_notice
      WHERE application_id = \(id) ORDER BY sequence
      """,
      """
      SELECT sequence, position, code, text FROM application_reason
      WHERE application_id = \(id) ORDER BY sequence, position
      """,
      """
      SELECT stage, decision, officer_id, office_code, signed_at FROM application_opinion
      WHERE application_id = \(id) ORDER BY position
      """,
    ])
    (self.materials, self.findings, self.notices) = (rows[0], rows[1], rows[2])
    (self.reasons, self.opinions) = (rows[3], rows[4])
  }

  /// What an application has been given, a draft too.
  static func given(to id: ID<Application>) -> SQL {
    """
    SELECT \(sql: IntakeStore.materialColumns)
    FROM material WHERE application_id = \(id) ORDER BY kind, evidence
    """
  }
}
