import DomainModel

/// What is on record of a person that an event bears on.
struct PersonRecord: Hashable, Sendable {
  /// What was reported of him, in the order in which it was recorded.
  var events = RecordedEvents()
  var registrations: [Registration] = []
  /// His permit that is not cancelled; nil where he has none.
  var live: LivePermit?
  /// Where texts about his permits go, of whatever state.
  var phones: [HeldPhone] = []

  /// A permit, and the citizen number in its certificate.
  struct LivePermit: Hashable, Sendable {
    let permit: Permit
    let citizenID: String
  }

  /// Where texts about a permit go.
  struct HeldPhone: Hashable, Sendable {
    let permit: Permit
    let phone: String
    /// The day on which the holder told it.
    let toldOn: CivilDate
  }
}

/// What an event of a person comes to.
struct PersonOutcome: Hashable, Sendable {
  /// A registration that ends.
  struct Ending: Hashable, Sendable {
    let registration: Registration
    let day: CivilDate
    let reason: EndReason
  }

  /// What happens to a permit, in order.
  struct PermitChange: Hashable, Sendable {
    let permit: Permit
    let events: [PermitEvent]
  }

  /// Whether the event is to be recorded; false where it is on record already.
  var isNew = true
  var endings: [Ending] = []
  var permits: [PermitChange] = []
  /// Why applications of his have nothing left to decide; nil where nothing follows for them.
  var closure: ClosureReason?
}

/// What becomes of a person's registrations and permits by what is reported of him: pure.
///
/// A permit is cancelled at the instant at which that is recorded, so that what was verified before
/// stays true; a registration ends on the very day, however late that is reported.
struct PersonMachine: Sendable {
  let permits: PermitMachine
  private var divisions: DivisionTable { self.permits.policy.divisions }

  /// How many events of one person are kept: far more than anybody lives through.
  static let eventsMax = 200

  /// Everything that follows. Whoever reports the same twice changes nothing. Throws
  /// `REQUEST_INVALID` for another day of death than the one on record and for too many events, and
  /// what stands against changing a permit.
  func decide(
    _ event: PersonEvent, over record: PersonRecord, now: Timestamp
  ) throws -> PersonOutcome {
    var outcome = PersonOutcome()
    let facts = record.events.facts
    outcome.closure = event.closure(given: facts)
    switch event {
    case .died(let day):
      outcome.isNew = try self.isNewDeath(day, facts)
      if outcome.isNew {
        outcome.endings = self.endings(record, on: day, .death) { _ in true }
        outcome.permits = try self.cancelled(record.live?.permit, .death, now)
      }
    case .deathWithdrawn: outcome.isNew = facts.diedOn != nil
    case .hukouMoved(let division, let day):
      outcome.isNew = !record.events.bearing.contains(event)
      if outcome.isNew {
        let hukou = PersonFacts.Hukou(division: division, since: day)
        try self.becomeLocal(hukou, record, now, &outcome)
      }
    case .numberChanged(let number, _):
      outcome.isNew = !record.events.bearing.contains(event)
      // One that is reported after a later change is a number that he had.
      if facts.after(event).citizenID == number.text {
        outcome.permits = try self.renumbered(record.live, number, now)
      }
    case .phoneReassigned(let phone, let day):
      outcome.permits = try self.withoutPhone(record.phones, phone, day, now)
      outcome.isNew = !outcome.permits.isEmpty
    }
    if outcome.isNew, record.events.count >= Self.eventsMax {
      throw Self.invalid(.personEventsTooMany, at: "citizen_id")
    }
    return outcome
  }

  /// A death on another day than the one on record is a contradiction: one of both is wrong.
  private func isNewDeath(_ day: CivilDate, _ facts: PersonFacts) throws -> Bool {
    guard let known = facts.diedOn else { return true }
    if known != day { throw Self.invalid(.personEventDiffers, at: "death.died_on") }
    return false
  }

  /// Who becomes local in a unit holds no permit of it and no registration in it (Hangzhou
  /// Regulation, Art. 21; Zhejiang Regulation, Art. 2); what he has in other units stays. A move
  /// that is reported after a later one ends only what there was by then.
  private func becomeLocal(
    _ hukou: PersonFacts.Hukou, _ record: PersonRecord, _ now: Timestamp,
    _ outcome: inout PersonOutcome
  ) throws {
    let isLatest = record.events.facts.hukou.map { $0.since <= hukou.since } ?? true
    outcome.endings = self.endings(record, on: hukou.since, .localHukou) { registration in
      self.divisions.areOneUnit(registration.address.division, hukou.division)
        && (isLatest || registration.declaredOn <= hukou.since)
    }
    guard let permit = record.live?.permit,
      self.divisions.areOneUnit(permit.divisionCode, hukou.division),
      isLatest || permit.term.issuedOn <= hukou.since
    else { return }
    outcome.permits = try self.cancelled(permit, .localHukou, now)
  }

  /// The registrations in force that end; none of them before the day it began on.
  private func endings(
    _ record: PersonRecord, on day: CivilDate, _ reason: EndReason,
    where isConcerned: (Registration) -> Bool
  ) -> [PersonOutcome.Ending] {
    record.registrations.filter { $0.endedOn == nil && isConcerned($0) }.map {
      PersonOutcome.Ending(registration: $0, day: max(day, $0.declaredOn), reason: reason)
    }
  }

  private func cancelled(
    _ permit: Permit?, _ reason: CancelReason, _ now: Timestamp
  ) throws -> [PersonOutcome.PermitChange] {
    try self.change(permit, .cancel(reason), now)
  }

  private func renumbered(
    _ live: PersonRecord.LivePermit?, _ number: CitizenID, _ now: Timestamp
  ) throws -> [PersonOutcome.PermitChange] {
    guard let live, live.citizenID != number.text else { return [] }
    return try self.change(live.permit, .renumber, now)
  }

  /// A number that the holder told after it was given away is his: it was given to him.
  private func withoutPhone(
    _ phones: [PersonRecord.HeldPhone], _ phone: PhoneNumber, _ day: CivilDate, _ now: Timestamp
  ) throws -> [PersonOutcome.PermitChange] {
    try phones.filter { $0.phone == phone.text && $0.toldOn <= day }.flatMap {
      try self.change($0.permit, .removePhone, now)
    }
  }

  private func change(
    _ permit: Permit?, _ command: PermitCommand, _ now: Timestamp
  ) throws -> [PersonOutcome.PermitChange] {
    guard let permit else { return [] }
    let events = try self.permits.decide(permit, command, now: now)
    return events.isEmpty ? [] : [PersonOutcome.PermitChange(permit: permit, events: events)]
  }

  private static func invalid(_ reason: DefectReason, at field: String) -> ServiceError {
    ServiceError(.requestInvalid, violations: [reason.violation(at: field)])
  }
}
