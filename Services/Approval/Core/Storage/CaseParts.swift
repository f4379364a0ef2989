import DomainModel
import ServiceCore
import Storage

/// The rows of a case, of all tables, read together.
struct CaseParts {
  let state: Row
  let papers: Row
  /// The oldest first, like notices.
  let opinions: [Row]
  let notices: [Row]
  /// Who has withdrawn from it.
  let recused: [Row]

  /// Throws `CASE_NOT_FOUND` where there is none.
  init(_ snapshot: Snapshot, of id: ID<ApprovalCase>) throws {
    let rows = try snapshot.rows(together: [
      """
      SELECT case_id, application_id, application_number, kind, channel, policy_version,
        office_code, bureau_code, submitted_at, failed_rules, state, version, round, progress,
        acceptance_on, acceptance_provisional, accepted_at, promise_on, promise_provisional,
        statute_on, statute_provisional, stage_on, stage_provisional, certificate_identifier,
        valid_to_on, issued_at, registration_id, effects_count, issue_refused, withdrawn_at,
        work_office, about_certificate, about_registration, timer_at, clock_rows,
        claim_number, held_by, held_office, held_until, assigned_to, green_reason, green_due_at,
        closure_reason, closure_event_on, closed_at
      FROM approval_case WHERE case_id = \(id)
      """,
      "SELECT form, materials, findings FROM case_file WHERE case_id = \(id)",
      """
      SELECT round, stage, officer_id, office_code, decision, signed_at, body FROM opinion
      WHERE case_id = \(id) ORDER BY round, signed_at, stage
      """,
      """
      SELECT round, stage, notified_at, supplemented_at, lapsed_at FROM case_notice
      WHERE case_id = \(id) ORDER BY round
      """,
      ApprovalStore.recused(from: id),
    ])
    guard let state = rows[0].first, let papers = rows[1].first else {
      throw ServiceError(.caseNotFound)
    }
    self.state = state
    self.papers = papers
    (self.opinions, self.notices, self.recused) = (rows[2], rows[3], rows[4])
  }
}
