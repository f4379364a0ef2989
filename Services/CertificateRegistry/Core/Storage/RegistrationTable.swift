import DomainModel
import ServiceCore
import Storage

/// How a registration's facts stand in its history: in the contract's format, which storage does
/// not know.
struct RegistrationFormat: Sendable {
  var encode: @Sendable (Registration) throws -> [UInt8]
  var decode: @Sendable ([UInt8]) throws -> Registration
}

/// The rows of registrations.
struct RegistrationTable: EntityTable {
  /// What can happen to a registration.
  enum Event: HistoryEvent {
    /// It was recorded for a person, who was then this one.
    case recorded(PersonIdentity, ID<Storage.Person>)
    /// It took the place of another one of its person, by a change of this day.
    case changed(from: ID<Registration>, on: CivilDate)
    /// It ended; with what that rests on, empty where the reason says all.
    case ended(EndReason, note: String = "")
    /// Its person was erased; from now on it is of nobody, who has this id.
    case erased(Erasure, ID<Storage.Person>)

    var action: String {
      switch self {
      case .recorded: "record_registration"
      case .changed: "change_registration"
      case .ended: "end_registration"
      case .erased: "erase_registration"
      }
    }

    var detail: String {
      switch self {
      case .recorded: ""
      case .changed(let previous, let day): "from \(previous.text); changed on \(day.iso)"
      case .ended(let reason, let note):
        note.isEmpty ? reason.rawValue : "\(reason.rawValue); \(note)"
      case .erased(let erasure, _): erasure.detail
      }
    }
  }

  /// The columns that a registration is read from.
  private static let columns: SQL = """
    registration_id, division_code, address, workplace, declared_on, ended_on, end_reason,
    previous_registration_id, reported_late, office_code, recorded_at, erased_at, version
    """

  /// Whose a registration is, and as whom he was registered.
  struct Registered {
    let person: ID<Storage.Person>
    /// The fields of his identity, as the column keeps them.
    let identity: String
  }

  let tables: ServiceTables
  private let address: SealedColumn
  private let identity: SealedColumn
  private let workplace: SealedColumn
  let format: RegistrationFormat
  let log: LogTable

  init(
    _ tables: ServiceTables, sealer: any Sealer, format: RegistrationFormat, log: LogTable
  ) {
    self.tables = tables
    self.format = format
    self.log = log
    self.address = SealedColumn(sealer, table: "registration", column: "address")
    self.identity = SealedColumn(sealer, table: "registration", column: "identity")
    self.workplace = SealedColumn(sealer, table: "registration", column: "workplace")
  }

  func historyID(of registration: Registration) -> String { registration.id.text }

  /// The facts as they are stored.
  func standing(of registration: Registration) throws -> Standing? {
    Standing(
      state: registration.endedOn == nil ? "in_force" : "ended",
      version: Int64(registration.version),
      record: try self.format.encode(registration))
  }

  func save(
    _ transaction: Transaction, _ step: Step<Registration, Event>, _ stamp: Stamp
  ) throws {
    switch step.event {
    case .recorded(let identity, let person):
      let registered = Registered(person: person, identity: Self.text(of: identity))
      try self.insert(transaction, step.after, of: registered)
    case .changed(let previous, _):
      let registered = try self.registered(transaction, by: previous)
      try self.insert(transaction, step.after, of: registered)
    case .ended:
      try self.update(transaction, step.after, from: step.before?.version ?? 0)
    case .erased(_, let nobody):
      try self.erase(transaction, step.after, to: nobody, from: step.before?.version ?? 0)
    }
  }

  /// Whose a registration is; nil where there is none of the id.
  func person(
    _ snapshot: Snapshot, of registration: ID<Registration>
  ) throws -> ID<Storage.Person>? {
    try snapshot.row(
      "SELECT person_id FROM registration WHERE registration_id = \(registration)"
    )?.id("person_id")
  }

  /// A person's registrations within reach, oldest declaration first.
  func registrations(
    _ snapshot: Snapshot, of person: ID<Storage.Person>, within reach: OfficeReach
  ) throws -> [Registration] {
    try snapshot.rows(
      """
      SELECT \(sql: Self.columns) FROM registration
      WHERE person_id = \(person) AND \(sql: reach.condition(on: "office_code"))
      ORDER BY declared_on, registration_id
      """
    ).map(self.registration)
  }

  private func insert(
    _ transaction: Transaction, _ registration: Registration, of registered: Registered
  ) throws {
    let row = registration.id.text
    let address = registration.address
    let sealedAddress = try self.address.seal(
      FieldText.join([address.street, address.community, address.detail]), row: row)
    let sealedIdentity = try self.identity.seal(registered.identity, row: row)
    let workplace = registration.workplace.isEmpty ? nil : registration.workplace
    let sealedWorkplace = try self.workplace.seal(workplace, row: row)
    try transaction.execute(
      """
      INSERT INTO registration (registration_id, person_id, division_code, address, identity,
        workplace, declared_on, ended_on, end_reason, previous_registration_id, reported_late,
        office_code, recorded_at, version)
      VALUES (\(registration.id), \(registered.person), \(address.division), \(sealedAddress),
        \(sealedIdentity), \(sealedWorkplace), \(registration.declaredOn.iso),
        \(registration.endedOn?.iso), \(registration.endReason?.rawValue),
        \(registration.previousID?.text), \(registration.isLate), \(registration.officeCode),
        \(registration.recordedAt), \(registration.version))
      """)
  }

  private func update(
    _ transaction: Transaction, _ registration: Registration, from before: Int
  ) throws {
    try transaction.update(
      """
      UPDATE registration SET ended_on = \(registration.endedOn?.iso),
        end_reason = \(registration.endReason?.rawValue), version = \(registration.version)
      WHERE registration_id = \(registration.id) AND version = \(before)
      """)
  }

  /// Leaves nothing of a person: what is sealed says nothing from now on, and whose it was.
  private func erase(
    _ transaction: Transaction, _ registration: Registration, to nobody: ID<Storage.Person>,
    from before: Int
  ) throws {
    let row = registration.id.text
    let address = try self.address.seal(FieldText.join(["", "", ""]), row: row)
    let identity = try self.identity.seal(
      FieldText.join(Array(repeating: "", count: Self.identityFields)), row: row)
    try transaction.update(
      """
      UPDATE registration SET person_id = \(nobody), address = \(address),
        identity = \(identity), workplace = NULL, erased_at = \(registration.erasedAt),
        version = \(registration.version)
      WHERE registration_id = \(registration.id) AND version = \(before)
      """)
  }

  /// Throws `REGISTRATION_NOT_FOUND`.
  func registered(
    _ snapshot: Snapshot, by registration: ID<Registration>
  ) throws -> Registered {
    let row = try snapshot.row(
      "SELECT person_id, identity FROM registration WHERE registration_id = \(registration)")
    guard let row else { throw ServiceError(.registrationNotFound) }
    return Registered(
      person: try row.id("person_id"),
      identity: try self.identity.openText(row.bytes("identity"), row: registration.text))
  }

  /// The fields of an identity as the column keeps them.
  static func fields(of registered: Registered) throws -> [String] {
    try FieldText.split(registered.identity, into: Self.identityFields, column: "identity")
  }

  /// How many fields an identity has.
  private static let identityFields = 6

  private static func text(of identity: PersonIdentity) -> String {
    let household = identity.household
    return FieldText.join([
      identity.name.text, identity.ethnicity.code, household.division, household.street,
      household.community, household.detail,
    ])
  }

  /// One registration; nil where there is none of this id.
  func find(_ snapshot: Snapshot, _ id: ID<Registration>) throws -> Registration? {
    try snapshot.row(
      """
      SELECT \(sql: Self.columns) FROM registration
      WHERE registration_id = \(id)
      """
    ).map(self.registration)
  }

  /// One registration with whose it is and as whom he was registered; nil where there is none of
  /// this id.
  func registered(
    _ snapshot: Snapshot, _ id: ID<Registration>
  ) throws -> (registration: Registration, person: ID<Storage.Person>, identity: [String])? {
    guard let registration = try self.find(snapshot, id) else { return nil }
    let registered = try self.registered(snapshot, by: id)
    return (
      registration, registered.person,
      try Self.fields(of: registered)
    )
  }

  private func registration(_ row: Row) throws -> Registration {
    let id = try row.id("registration_id", of: Registration.self)
    let fields = try FieldText.split(
      try self.address.openText(row.bytes("address"), row: id.text), into: 3, column: "address")
    let workplace = try self.workplace.openText(
      row.optionalBytes("workplace"), row: id.text)
    return Registration(
      id: id,
      address: Address(
        division: try row.text("division_code"), street: fields[0], community: fields[1],
        detail: fields[2]),
      workplace: workplace ?? "", declaredOn: try row.date("declared_on"),
      endedOn: try row.optionalDate("ended_on"),
      endReason: try row.optionalText("end_reason") == nil ? nil : row.choice("end_reason"),
      previousID: try row.optionalID("previous_registration_id"),
      isLate: try row.bool("reported_late"), officeCode: try row.text("office_code"),
      recordedAt: try row.timestamp("recorded_at"), version: try row.int("version"),
      erasedAt: try row.optional("erased_at"))
  }
}
