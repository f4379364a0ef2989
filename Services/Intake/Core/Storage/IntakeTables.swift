import DomainModel
import Storage

/// How a stored form is read; its format is the contract's, which storage does not know.
typealias FormReader = @Sendable ([UInt8]) throws -> FormInput

/// The tables of the intake service: which columns are sealed, and what is read from them. What is
/// written stands in `IntakeTransaction`.
struct IntakeTables: Sendable {
  let persons: PersonDirectory
  let history: History
  let form: SealedColumn
  let reasonText: SealedColumn
  let piece: SealedColumn
  let readForm: FormReader

  init(sealer: any Sealer, index: any BlindIndex, readForm: @escaping FormReader) {
    self.persons = PersonDirectory(sealer: sealer, index: index)
    self.history = History(sealer: sealer)
    self.form = SealedColumn(sealer, table: "application", column: "form")
    self.reasonText = SealedColumn(sealer, table: "application_reason", column: "text")
    self.piece = SealedColumn(sealer, table: "material_piece", column: "bytes")
    self.readForm = readForm
  }

  /// The application that a key names, where the caller may reach it; else throws
  /// `APPLICATION_NOT_FOUND`.
  func application(
    _ key: ApplicationKey, within reach: Reach, _ snapshot: Snapshot
  ) throws -> Application {
    let named: SQL =
      switch key {
      case .id(let id): "application_id = \(id)"
      case .number(let number): "application_number = \(number)"
      }
    let row = try snapshot.row(
      """
      SELECT \(sql: Self.columns) FROM application
      WHERE \(sql: named) AND \(sql: self.condition(of: reach, snapshot))
      """)
    guard let row else { throw ServiceError(.applicationNotFound) }
    return try self.application(row, snapshot)
  }

  /// How far an application is, by the same rules: one row, so that watchers can ask often.
  func version(of id: ID<Application>, within reach: Reach, _ snapshot: Snapshot) throws -> Int64 {
    let row = try snapshot.row(
      """
      SELECT version FROM application
      WHERE application_id = \(id) AND \(sql: self.condition(of: reach, snapshot))
      """)
    guard let row else { throw ServiceError(.applicationNotFound) }
    return try row.int64("version")
  }

  /// The number of the person's application in progress, nil if there is none.
  func openNumber(ofCitizen citizenID: String, _ snapshot: Snapshot) throws -> String? {
    guard let person = try self.persons.find(snapshot, citizenID: citizenID) else { return nil }
    return try snapshot.row(
      """
      SELECT application_number FROM application
      WHERE person_id = \(person) AND state IN ('submitted', 'supplement_needed', 'accepted')
      """
    )?.optionalText("application_number")
  }

  /// A page of what the caller may reach, by ascending id.
  func page(
    after id: ID<Application>?, limit: Int, in state: ApplicationState?, within reach: Reach,
    _ snapshot: Snapshot
  ) throws -> [ApplicationSummary] {
    let inState: SQL = state.map { "AND state = \($0)" } ?? ""
    return try snapshot.rows(
      """
      SELECT application_id, application_number, state, version, changed_at,
        certificate_identifier
      FROM application
      WHERE application_id > \(id?.text ?? "") AND \(sql: self.condition(of: reach, snapshot))
        \(sql: inState)
      ORDER BY application_id LIMIT \(limit)
      """
    ).map { row in
      ApplicationSummary(
        id: try row.id("application_id"),
        number: try row.optionalText("application_number") ?? "", state: try row.choice("state"),
        version: try row.int64("version"), changedAt: try row.timestamp("changed_at"),
        certificateIdentifier: try row.optionalText("certificate_identifier") ?? "")
    }
  }

  /// The condition that keeps a caller to what is his.
  private func condition(of reach: Reach, _ snapshot: Snapshot) throws -> SQL {
    switch reach {
    case .everything: return "1 = 1"
    case .owned(let owner, nil): return "owner = \(owner)"
    case .owned(let owner, let citizenID?):
      let person = try self.persons.find(snapshot, citizenID: citizenID)
      return "(owner = \(owner) OR person_id = \(person))"
    }
  }
}

/// Which applications a caller may reach (design, section 9).
enum Reach: Hashable, Sendable {
  /// An auditor's, and the approval service's.
  case everything
  /// Those he created and, for an applicant, those for him.
  case owned(by: String, citizenID: String?)
}
