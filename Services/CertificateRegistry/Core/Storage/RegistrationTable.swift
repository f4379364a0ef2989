import DomainModel
import ServiceCore
import Storage

/// How a registration's facts stand in its history: in the contract's format, which storage does
/// not know.
struct RegistrationFormat: Sendable {
  var encode: @Sendable (Registration) throws -> [UInt8]
}

/// The rows of registrations.
struct RegistrationTable: EntityTable {
  /// What can happen to a registration.
  enum Event: HistoryEvent {
    /// It was recorded for a person, who was then this one.
    case recorded(PersonIdentity, ID<Storage.Person>)

    var action: String { "record_registration" }
    var detail: String { "" }
  }

  let tables: ServiceTables
  private let address: SealedColumn
  private let identity: SealedColumn
  private let format: RegistrationFormat
  let log: LogTable

  init(
    _ tables: ServiceTables, sealer: any Sealer, format: RegistrationFormat, log: LogTable
  ) {
    self.tables = tables
    self.format = format
    self.log = log
    self.address = SealedColumn(sealer, table: "registration", column: "address")
    self.identity = SealedColumn(sealer, table: "registration", column: "identity")
  }

  func historyID(of registration: Registration) -> String { registration.id.text }

  /// The facts as they are stored.
  func standing(of registration: Registration) throws -> Standing? {
    Standing(
      state: registration.endedOn == nil ? "in_force" : "ended", version: 1,
      record: try self.format.encode(registration))
  }

  func save(
    _ transaction: Transaction, _ step: Step<Registration, Event>, _ stamp: Stamp
  ) throws {
    switch step.event {
    case .recorded(let identity, let person):
      try self.insert(transaction, step.after, of: identity, person)
    }
  }

  /// A person's registrations within reach, oldest declaration first.
  func registrations(
    _ snapshot: Snapshot, of person: ID<Storage.Person>, within reach: OfficeReach
  ) throws -> [Registration] {
    try snapshot.rows(
      """
      SELECT registration_id, division_code, address, declared_on, ended_on, office_code,
        recorded_at
      FROM registration
      WHERE person_id = \(person) AND \(sql: reach.condition(on: "office_code"))
      ORDER BY declared_on, registration_id
      """
    ).map(self.registration)
  }

  private func insert(
    _ transaction: Transaction, _ registration: Registration, of identity: PersonIdentity,
    _ person: ID<Storage.Person>
  ) throws {
    let row = registration.id.text
    let address = registration.address
    let household = identity.household
    let sealedAddress = try self.address.seal(
      FieldText.join([address.street, address.community, address.detail]), row: row)
    let sealedIdentity = try self.identity.seal(
      FieldText.join([
        identity.name.text, identity.ethnicity.code, household.division, household.street,
        household.community, household.detail,
      ]), row: row)
    try transaction.execute(
      """
      INSERT INTO registration (registration_id, person_id, division_code, address, identity,
        declared_on, ended_on, office_code, recorded_at, version)
      VALUES (\(registration.id), \(person), \(address.division), \(sealedAddress),
        \(sealedIdentity), \(registration.declaredOn.iso), \(registration.endedOn?.iso),
        \(registration.officeCode), \(registration.recordedAt), 1)
      """)
  }

  /// One registration; nil where there is none of this id.
  func find(_ snapshot: Snapshot, _ id: ID<Registration>) throws -> Registration? {
    try snapshot.row(
      """
      SELECT registration_id, division_code, address, declared_on, ended_on, office_code,
        recorded_at
      FROM registration WHERE registration_id = \(id)
      """
    ).map(self.registration)
  }

  private func registration(_ row: Row) throws -> Registration {
    let id = try row.id("registration_id", of: Registration.self)
    let fields = try FieldText.split(
      try self.address.openText(row.bytes("address"), row: id.text), into: 3, column: "address")
    return Registration(
      id: id,
      address: Address(
        division: try row.text("division_code"), street: fields[0], community: fields[1],
        detail: fields[2]),
      declaredOn: try row.date("declared_on"), endedOn: try row.optionalDate("ended_on"),
      officeCode: try row.text("office_code"), recordedAt: try row.timestamp("recorded_at"))
  }
}
