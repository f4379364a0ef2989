import DomainModel
import Storage

extension RegistryStore {
  /// Records a registration unless it stands already; answers with what `reply` makes of it.
  func record(
    _ command: RegistrationCommand, as id: ID<Registration>, _ call: InboxCall, _ stamp: Stamp,
    reply: @escaping @Sendable (Registration) throws -> [UInt8]
  ) async throws -> [UInt8] {
    try await self.store.write { transaction in
      try self.inbox.answerOnce(transaction, call, now: stamp.now) {
        let person = try self.persons.findOrCreate(
          transaction, citizenID: command.person.citizenID.text, newID: stamp.newPerson,
          now: stamp.now)
        let known = try self.registrations(transaction, of: person, within: .everything)
        switch try RegistrationDecision.decide(command, over: known) {
        case .existing(let registration):
          return try reply(registration)
        case .record:
          let registration = Registration(
            id: id, address: command.address, declaredOn: command.declaredOn,
            endedOn: command.endedOn, officeCode: command.officeCode, recordedAt: stamp.now)
          try self.insert(transaction, registration, of: command.person, person, stamp)
          return try reply(registration)
        }
      }
    }
  }

  /// A person's registrations, oldest declaration first, and the identifier of his live permit, as
  /// far as the caller reaches them; nothing for a person who is not known. Throws
  /// `OFFICER_WRONG_OFFICE` where he is known but all of it is another office's.
  func residenceHistory(
    of citizenID: CitizenID, within reach: RegistryReach
  ) async throws -> (registrations: [Registration], livePermit: String?) {
    try await self.store.read { snapshot in
      guard let person = try self.persons.find(snapshot, citizenID: citizenID.text) else {
        return ([], nil)
      }
      let registrations = try self.registrations(snapshot, of: person, within: reach)
      let live = try self.livePermit(snapshot, of: person, within: reach)
      if registrations.isEmpty, live == nil, reach != .everything {
        let hidden = try self.registrations(snapshot, of: person, within: .everything)
        let hiddenPermit = try self.livePermit(snapshot, of: person, within: .everything)
        if !hidden.isEmpty || hiddenPermit != nil { throw ServiceError(.officerWrongOffice) }
      }
      return (registrations, live?.certificateIdentifier)
    }
  }

  private func registrations(
    _ snapshot: Snapshot, of person: ID<Storage.Person>, within reach: RegistryReach
  ) throws -> [Registration] {
    try snapshot.rows(
      """
      SELECT registration_id, division_code, address, declared_on, ended_on, office_code,
        recorded_at
      FROM registration WHERE person_id = \(person) AND \(sql: reach.registrations)
      ORDER BY declared_on, registration_id
      """
    ).map(self.registration)
  }

  private func insert(
    _ transaction: Transaction, _ registration: Registration, of identity: PersonIdentity,
    _ person: ID<Storage.Person>, _ stamp: Stamp
  ) throws {
    let row = registration.id.text
    let address = registration.address
    let household = identity.household
    let sealedAddress = try self.columns.registrationAddress.seal(
      FieldText.join([address.street, address.community, address.detail]), row: row)
    let sealedIdentity = try self.columns.registrationIdentity.seal(
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
    try self.history.append(
      transaction,
      HistoryEntry(
        entity: row, at: stamp.now, actor: stamp.actor, office: stamp.office,
        action: "record_registration"))
  }

  private func registration(_ row: Row) throws -> Registration {
    let id = try row.id("registration_id", of: Registration.self)
    let sealed = try row.bytes("address")
    let fields = try FieldText.split(
      try self.columns.registrationAddress.openText(sealed, row: id.text), into: 3,
      column: "address")
    return Registration(
      id: id,
      address: Address(
        division: try row.text("division_code"), street: fields[0], community: fields[1],
        detail: fields[2]),
      declaredOn: try row.date("declared_on"), endedOn: try row.optionalDate("ended_on"),
      officeCode: try row.text("office_code"), recordedAt: try row.timestamp("recorded_at"))
  }
}
