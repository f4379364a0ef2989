import DomainModel
import PermitProof
import ServiceCore
import Storage

/// A permit and its certificate, to be shown or printed.
struct ShowablePermit: Hashable, Sendable {
  let permit: Permit
  let signed: SignedDocument
  let document: PermitDocument
  /// The public key that verifies the signature, PEM.
  let publicKeyPEM: String
}

extension RegistryStore {
  /// The permit whose certificate has this identifier; for its holder "" is the one that he has.
  ///
  /// Throws `PERMIT_NOT_FOUND` and `OFFICER_WRONG_OFFICE` where it is not within reach,
  /// `RECORD_ERASED` where the holder was erased, `CERTIFICATE_SUPERSEDED` for an earlier
  /// certificate, `PERMIT_NOT_ELECTRONIC` where there is none.
  func showable(
    _ snapshot: Snapshot, _ identifier: String, within reach: ShowingReach
  ) throws -> ShowablePermit {
    let permit = try self.reached(snapshot, identifier, within: reach)
    if permit.standing.erasedAt != nil { throw ServiceError(.recordErased) }
    if !identifier.isEmpty, permit.certificateIdentifier != identifier {
      throw ServiceError(
        .certificateSuperseded,
        metadata: ["certificate_identifier": permit.certificateIdentifier])
    }
    guard permit.kind == .electronic else {
      throw ServiceError(.permitNotElectronic, metadata: ["kind": permit.kind.rawValue])
    }
    let signed = try self.permits.signedDocument(snapshot, of: permit.id)
    return ShowablePermit(
      permit: permit, signed: signed, document: try self.document(signed, of: permit.id.text),
      publicKeyPEM: try self.permits.publicKey(snapshot, permit.keyID))
  }

  /// The same in a transaction of its own.
  func showable(
    _ identifier: String, within reach: ShowingReach
  ) async throws -> ShowablePermit {
    try await self.read { try self.showable($0, identifier, within: reach) }
  }

  private func reached(
    _ snapshot: Snapshot, _ identifier: String, within reach: ShowingReach
  ) throws -> Permit {
    switch reach {
    case .office(let reach):
      let found = try self.permits.find(
        snapshot, identifier: identifier, within: reach.permits)
      if let found { return found }
      try self.refuseHidden(snapshot, identifier: identifier, within: reach.permits)
    case .holder(let citizenID):
      if let person = try self.persons.find(snapshot, citizenID: citizenID) {
        let found =
          try identifier.isEmpty
          ? self.permits.live(snapshot, of: person, within: .everything)
          : self.permits.find(snapshot, identifier: identifier, of: person)
        if let found { return found }
      }
    }
    throw ServiceError(.permitNotFound)
  }

  private func document(_ signed: SignedDocument, of permit: String) throws -> PermitDocument {
    guard let document = try? PermitDocument(canonicalBytes: signed.document) else {
      throw UnusableData("permit \(permit) has a document of another form")
    }
    return document
  }

  /// Takes a permit into its holder's 我的证照, for the first time or again (rules, Registry).
  /// Throws what `showable` and `paperStatus` do.
  func load(
    _ transaction: Transaction, _ identifier: String, of citizenID: String, _ stamp: Stamp
  ) throws -> ShowablePermit {
    let found = try self.showable(transaction, identifier, within: .holder(citizenID))
    _ = try self.machine.policy.paperStatus(of: found.permit, at: stamp.now)
    let events = try self.machine.decide(found.permit, .load, now: stamp.now)
    let steps = try Step<Permit, PermitStep>.chain(from: found.permit, through: events) {
      try self.step(from: $0, $1, PermitStep.Beside(), telling: nil, stamp)
    }
    try self.permits.write(transaction, steps, stamp)
    return ShowablePermit(
      permit: steps.last?.after ?? found.permit, signed: found.signed, document: found.document,
      publicKeyPEM: found.publicKeyPEM)
  }

  // MARK: Slips

  /// Keeps a slip. Throws `PreparedInVain` where the permit is not as it was when the slip was
  /// made, and where another slip has drawn the same number.
  func keep(
    _ transaction: Transaction, _ slip: SlipRecord, of permit: Permit
  ) throws {
    guard try self.permits.find(transaction, slip.permit)?.version == permit.version,
      try self.slips.find(transaction, number: slip.number) == nil
    else { throw PreparedInVain() }
    try self.slips.insert(transaction, slip)
  }

  /// A slip that was handed out, and the certificate that it was printed from.
  func slip(_ number: String) async throws -> (SlipRecord, PermitDocument) {
    try await self.read { snapshot in
      guard let slip = try self.slips.find(snapshot, number: number) else {
        throw UnusableData("an answer names slip \(number), and there is none")
      }
      let identifier = slip.order.certificateIdentifier
      let signed =
        try self.permits.pastDocument(snapshot, of: identifier)?.signed
        ?? self.permits.signedDocument(snapshot, of: slip.permit)
      return (slip, try self.document(signed, of: slip.permit.text))
    }
  }

  // MARK: Vouchers

  /// A registration in force and the person as he was registered, citizen number and all.
  ///
  /// Throws `REGISTRATION_NOT_FOUND` and `OFFICER_WRONG_OFFICE` where it is not within reach,
  /// `REGISTRATION_ENDED` where it is not in force any more.
  func registration(
    _ id: String, within reach: ShowingReach
  ) async throws -> (Registration, PersonIdentity) {
    try await self.read { snapshot in
      let found = try self.registrations.registered(snapshot, ID(id))
      guard let found, try self.isReached(snapshot, found.registration, found.person, reach) else {
        throw ServiceError(.registrationNotFound)
      }
      if let ended = found.registration.endedOn {
        throw ServiceError(.registrationEnded, metadata: ["ended_on": ended.iso])
      }
      guard let citizenID = try self.persons.citizenID(snapshot, of: found.person),
        let identity = PersonIdentity(citizenID: citizenID, registeredAs: found.identity)
      else { throw UnusableData("registration \(id) names no person") }
      return (found.registration, identity)
    }
  }

  private func isReached(
    _ snapshot: Snapshot, _ registration: Registration, _ person: ID<Storage.Person>,
    _ reach: ShowingReach
  ) throws -> Bool {
    switch reach {
    case .holder(let citizenID):
      return try self.persons.find(snapshot, citizenID: citizenID) == person
    case .office(let reach):
      let query: SQL =
        "SELECT 1 FROM registration WHERE registration_id = \(registration.id)"
      let within: SQL =
        "\(sql: query) AND \(sql: reach.registrations.condition(on: "office_code"))"
      if try snapshot.exists(within) { return true }
      try reach.registrations.refuseHidden(snapshot, query)
      return false
    }
  }
}
