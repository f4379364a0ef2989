import DomainModel
import ServiceCore
import Storage

extension RegistryStore {
  /// Records a registration unless it stands already; then that one. Throws what the decision does.
  func record(
    _ transaction: Transaction, _ command: RegistrationCommand, _ stamp: Stamp
  ) throws -> Registration {
    let person = try self.persons.findOrCreate(
      transaction, citizenID: command.person.citizenID.text, newID: stamp.newID(), now: stamp.now)
    let known = try self.registrations.registrations(
      transaction, of: person, within: .everything)
    switch try RegistrationDecision.decide(command, over: known) {
    case .existing(let registration): return registration
    case .record:
      let registration = Registration(
        id: stamp.newID(), address: command.address, declaredOn: command.declaredOn,
        endedOn: command.endedOn, officeCode: command.officeCode, recordedAt: stamp.now)
      try self.registrations.write(
        transaction, Step(from: nil, to: registration, .recorded(command.person, person)), stamp)
      return registration
    }
  }

  /// A person's registrations, oldest declaration first, and the identifier of his live permit, as
  /// far as the caller reaches them; nothing for a person who is not known. Throws
  /// `OFFICER_WRONG_OFFICE` where he is known but all of it is another office's.
  func residenceHistory(
    of citizenID: CitizenID, within reach: RegistryReach
  ) async throws -> (registrations: [Registration], livePermit: String?) {
    try await self.read { snapshot in
      guard let person = try self.persons.find(snapshot, citizenID: citizenID.text) else {
        return ([], nil)
      }
      let registrations = try self.registrations.registrations(
        snapshot, of: person, within: reach.registrations)
      let live = try self.permits.live(snapshot, of: person, within: reach.permits)
      if registrations.isEmpty, live == nil {
        try reach.registrations.refuseHidden(
          snapshot, "SELECT 1 FROM registration WHERE person_id = \(person)")
        try reach.permits.refuseHidden(
          snapshot, "SELECT 1 FROM permit WHERE person_id = \(person) AND cancelled_at IS NULL")
      }
      return (registrations, live?.certificateIdentifier)
    }
  }
}
