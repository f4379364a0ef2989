import DomainModel
import ServiceCore
import Storage

/// What is known of where a person has lived.
struct ResidenceHistory: Hashable, Sendable {
  /// The registrations that the caller reaches, oldest declaration first.
  var registrations: [Registration] = []
  /// All of them: time is reckoned over every unit of the province.
  var all: [Registration] = []
  /// The identifier of the live permit, where there is one within reach.
  var livePermit: String?
}

extension RegistryStore {
  /// Records a registration unless it stands already; then that one, and true. Throws what the
  /// decision does, and what was reported of the person that stands against it.
  func record(
    _ transaction: Transaction, _ command: RegistrationCommand, _ stamp: Stamp
  ) throws -> (registration: Registration, stoodAlready: Bool) {
    let person = try self.persons.findOrCreate(
      transaction, citizenID: command.person.citizenID.text, newID: stamp.newID(), now: stamp.now)
    let known = try self.registrations.registrations(
      transaction, of: person, within: .everything)
    switch try self.registrationMachine.decide(command, over: known) {
    case .existing(let registration): return (registration, true)
    case .record:
      try self.persons.events.facts(transaction, of: person).checkMayRegister(
        in: command.address.division, from: command.declaredOn, to: command.endedOn,
        self.machine.policy.divisions)
      let registration = Registration(
        id: stamp.newID(), address: command.address, workplace: command.workplace,
        declaredOn: command.declaredOn, endedOn: command.endedOn,
        officeCode: command.officeCode, recordedAt: stamp.now)
      try self.registrations.write(
        transaction, Step(from: nil, to: registration, .recorded(command.person, person)), stamp)
      return (registration, false)
    }
  }

  /// Changes a registration or ends it, and answers with the one that is left: the next one of a
  /// change. Throws `REGISTRATION_NOT_FOUND`, `RECORD_ERASED` and what the machine does.
  func change(
    _ transaction: Transaction, _ order: RegistrationOrder, _ stamp: Stamp
  ) throws -> Registration {
    guard let person = try self.registrations.person(transaction, of: order.id) else {
      throw ServiceError(.registrationNotFound)
    }
    // All that were erased are nobody's: there is no end of them.
    if person == KnownPersons.nobody { throw ServiceError(.recordErased) }
    let known = try self.registrations.registrations(
      transaction, of: person, within: .everything)
    guard let registration = known.first(where: { $0.id == order.id }) else {
      throw ServiceError(.registrationNotFound)
    }
    switch try self.registrationMachine.decide(registration, order.change, over: known) {
    case .stands(let done): return done
    case .ends(let day, let reason):
      return try self.end(transaction, registration, on: day, reason, stamp)
    case .changes(let move, let isLate):
      try self.persons.events.facts(transaction, of: person).checkMayRegister(
        in: move.address.division, from: move.reportedOn, to: nil, self.machine.policy.divisions)
      _ = try self.end(
        transaction, registration, on: move.reportedOn.adding(days: -1), .moved, stamp)
      let next = Registration(
        id: stamp.newID(), address: move.address, workplace: move.workplace,
        declaredOn: move.reportedOn, previousID: registration.id, isLate: isLate,
        officeCode: move.officeCode, recordedAt: stamp.now)
      try self.registrations.write(
        transaction,
        Step(from: nil, to: next, .changed(from: registration.id, on: move.changedOn)), stamp)
      return next
    }
  }

  private func end(
    _ transaction: Transaction, _ registration: Registration, on day: CivilDate,
    _ reason: EndReason, _ stamp: Stamp
  ) throws -> Registration {
    let ended = registration.ended(on: day, reason)
    try self.registrations.write(
      transaction, Step(from: registration, to: ended, .ended(reason)), stamp)
    return ended
  }

  /// A person's registrations and the identifier of his live permit, as far as the caller reaches
  /// them; nothing for a person who is not known. Throws `OFFICER_WRONG_OFFICE` where he is known
  /// but all of it is another office's.
  func residenceHistory(
    of citizenID: CitizenID, within reach: RegistryReach
  ) async throws -> ResidenceHistory {
    try await self.read { snapshot in
      guard let person = try self.persons.find(snapshot, citizenID: citizenID.text) else {
        return ResidenceHistory()
      }
      let reached = try self.registrations.registrations(
        snapshot, of: person, within: reach.registrations)
      let live = try self.permits.live(snapshot, of: person, within: reach.permits)
      if reached.isEmpty, live == nil {
        try reach.registrations.refuseHidden(
          snapshot, "SELECT 1 FROM registration WHERE person_id = \(person)")
        try reach.permits.refuseHidden(
          snapshot, "SELECT 1 FROM permit WHERE person_id = \(person) AND cancelled_at IS NULL")
      }
      let all =
        reach.registrations == .everything
        ? reached
        : try self.registrations.registrations(snapshot, of: person, within: .everything)
      return ResidenceHistory(
        registrations: reached, all: all, livePermit: live?.certificateIdentifier)
    }
  }
}
