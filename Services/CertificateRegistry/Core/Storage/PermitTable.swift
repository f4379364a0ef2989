import DomainModel
import ServiceCore
import Storage

/// The rows of permits.
struct PermitTable: EntityTable {
  /// What can happen to a permit.
  enum Event: HistoryEvent {
    /// It was issued on an order to a person; or again, where this registry had lost it.
    case issued(PreparedPermit, IssueCommand, to: ID<Storage.Person>)
    /// What the machine decided of one that stands.
    case happened(PermitEvent)

    var action: String {
      switch self {
      case .issued(_, let command, _):
        command.lost == nil ? "issue_permit" : "restore_permit"
      case .happened(let event): event.action
      }
    }

    var detail: String {
      switch self {
      case .issued(_, let command, _): "case \(command.caseID)"
      case .happened: ""
      }
    }
  }

  let tables: ServiceTables
  private let document: SealedColumn
  private let phone: SealedColumn

  init(_ tables: ServiceTables, sealer: any Sealer) {
    self.tables = tables
    self.document = SealedColumn(sealer, table: "permit", column: "document")
    self.phone = SealedColumn(sealer, table: "permit", column: "phone")
  }

  func historyID(of permit: Permit) -> String { permit.id.text }

  func standing(of permit: Permit) -> Standing? { nil }

  func save(_ transaction: Transaction, _ step: Step<Permit, Event>, _ stamp: Stamp) throws {
    switch step.event {
    case .issued(let prepared, let command, let person):
      try self.insert(transaction, prepared, command, person, at: stamp.now)
    case .happened:
      guard let before = step.before else {
        preconditionFailure("a permit is issued before anything else happens to it")
      }
      try PermitRow.update(transaction, step.after, from: before.version)
    }
  }

  private func insert(
    _ transaction: Transaction, _ prepared: PreparedPermit, _ command: IssueCommand,
    _ person: ID<Storage.Person>, at now: Timestamp
  ) throws {
    let permit = prepared.permit
    let document = try self.document.seal(prepared.signed.document, row: permit.id.text)
    let phone = try self.phone.seal(command.phone.text, row: permit.id.text)
    try transaction.execute(
      """
      INSERT INTO signing_key (key_id, public_key_pem, first_used_at)
      VALUES (\(permit.keyID), \(prepared.publicKeyPEM), \(now))
      ON CONFLICT (key_id) DO NOTHING
      """)
    try transaction.execute(
      """
      INSERT INTO permit (permit_id, certificate_identifier, person_id, application_id, case_id,
        division_code, bureau_code, issued_on, valid_to_on, issued_at, cancelled_at,
        policy_version, key_id, document, signature, phone, version)
      VALUES (\(permit.id), \(permit.certificateIdentifier), \(person), \(permit.applicationID),
        \(permit.caseID), \(command.residence.division), \(permit.bureauCode),
        \(permit.term.issuedOn.iso), \(permit.term.validToOn.iso), \(permit.issuedAt), NULL,
        \(command.policyVersion), \(permit.keyID), \(document), \(prepared.signed.signature),
        \(phone), 1)
      """)
  }
}

/// What is asked of the rows of permits.
extension PermitTable {
  /// A person's live permit; nil if there is none, or none within reach.
  func live(
    _ snapshot: Snapshot, of person: ID<Storage.Person>, within reach: OfficeReach
  ) throws -> Permit? {
    try snapshot.row(
      """
      SELECT \(sql: PermitRow.columns) FROM permit
      WHERE person_id = \(person) AND cancelled_at IS NULL
        AND \(sql: reach.condition(on: "bureau_code"))
      """
    ).map(PermitRow.permit)
  }

  /// The signed document of a permit that is there.
  func signedDocument(_ snapshot: Snapshot, of permit: ID<Permit>) throws -> SignedDocument {
    let row = try snapshot.row(
      "SELECT document, signature FROM permit WHERE permit_id = \(permit)")
    guard let row else { throw ServiceError(.permitNotFound) }
    return SignedDocument(
      document: try self.document.open(row.bytes("document"), row: permit.text),
      signature: try row.bytes("signature"))
  }

  /// The holder's telephone number in a row of this permit.
  func phone(_ row: Row, of permit: ID<Permit>) throws -> String {
    try self.phone.openText(row.bytes("phone"), row: permit.text)
  }
}
