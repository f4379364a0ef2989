import DomainModel
import Storage

/// The rows that an application has in other tables, read together.
struct ApplicationParts {
  let materials: [Row]
  let findings: [Row]
  /// The oldest first, like reasons and opinions.
  let notices: [Row]
  let reasons: [Row]
  let opinions: [Row]
  /// How the texts about it ended, where that was asked for.
  let deliveries: [Row]

  /// What belongs to a row of `application`. What only comes after it was submitted is not looked
  /// for before.
  init(_ snapshot: Snapshot, of row: Row) throws {
    let id: ID<Application> = try row.id("application_id")
    let isDraft = try row.choice("state", as: ApplicationState.self) == .draft
    let statements = isDraft ? [Self.materials(of: id)] : Self.all(of: id)
    self.init(try snapshot.rows(together: statements)[...])
  }

  /// What the statements of `all` gave, or the first few of them.
  init(_ rows: ArraySlice<[Row]>) {
    let rows = Array(rows)
    func part(_ index: Int) -> [Row] { index < rows.count ? rows[index] : [] }
    (self.materials, self.findings, self.notices) = (part(0), part(1), part(2))
    (self.reasons, self.opinions, self.deliveries) = (part(3), part(4), part(5))
  }

  /// The statements for all of them but the texts.
  static func all(of id: ID<Application>) -> [SQL] {
    [
      Self.materials(of: id),
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
    ]
  }

  /// What it has been given, a draft too.
  private static func materials(of id: ID<Application>) -> SQL {
    """
    SELECT \(sql: IntakeStore.materialColumns)
    FROM material WHERE application_id = \(id) ORDER BY kind, evidence
    """
  }
}
