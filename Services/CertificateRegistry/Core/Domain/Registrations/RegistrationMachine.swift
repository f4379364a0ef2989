import DomainModel

/// What becomes of registrations: pure, over all that is on record about their person.
struct RegistrationMachine: Sendable {
  let policy: PolicySettings

  /// What an order to record comes to; throws with every defect.
  func decide(
    _ command: RegistrationCommand, over known: [Registration]
  ) throws -> RegistrationDecision {
    var defects = DefectList()
    let same = known.first {
      $0.counts && $0.declaredOn == command.declaredOn && $0.address == command.address
    }
    // One that has ended since, by an order, is the one that was recorded all the same.
    let hasEndedSince = command.endedOn == nil && same?.endReason != nil
    if let same, same.endedOn != command.endedOn, !hasEndedSince {
      defects.add(.registrationDiffers, at: "ended_on")
    }
    if same == nil { self.checkRoom(over: known, &defects) }
    try defects.throwIfAny(.requestInvalid)
    return same.map(RegistrationDecision.existing) ?? .record
  }

  /// What a change of one registration comes to, over everything of its person. Whoever says the
  /// same twice changes nothing. Throws `REGISTRATION_ENDED` with the last day of one that is not
  /// in force, and `REQUEST_INVALID` with every defect.
  func decide(
    _ registration: Registration, _ change: RegistrationChange, over known: [Registration]
  ) throws -> RegistrationOutcome {
    if let done = self.done(registration, change, over: known) { return .stands(done) }
    if let endedOn = registration.endedOn, !self.takes(change, once: registration.endReason) {
      throw ServiceError(.registrationEnded, metadata: ["ended_on": endedOn.iso])
    }
    var defects = DefectList()
    switch change {
    case .move(let move):
      self.check(move, from: registration, over: known, &defects)
      try defects.throwIfAny(.requestInvalid)
      let days = move.changedOn.days(until: move.reportedOn)
      return .changes(move, isLate: days > self.policy.changeReportDays)
    case .end(let day, let reason):
      if day < registration.declaredOn { defects.add(.dateTooEarly, at: "ended_on") }
      try defects.throwIfAny(.requestInvalid)
      return .ends(on: day, reason)
    }
  }

  /// Whether a registration that has ended takes a change all the same: a mistake may be found at
  /// any time, once.
  private func takes(_ change: RegistrationChange, once ended: EndReason?) -> Bool {
    if case .end(_, .recordedInError) = change { return ended != .recordedInError }
    return false
  }

  /// The registration that the same change left before; nil where it was not made.
  private func done(
    _ registration: Registration, _ change: RegistrationChange, over known: [Registration]
  ) -> Registration? {
    switch change {
    case .move(let move):
      return known.first {
        $0.previousID == registration.id && $0.counts && $0.declaredOn == move.reportedOn
          && $0.address == move.address && $0.workplace == move.workplace
      }
    case .end(let day, let reason):
      let isDone = registration.endedOn == day && registration.endReason == reason
      return isDone ? registration : nil
    }
  }

  /// The one before ends the day before, and has been in force for a day at least.
  private func check(
    _ move: RegistrationChange.Move, from registration: Registration,
    over known: [Registration], _ defects: inout DefectList
  ) {
    if move.reportedOn <= registration.declaredOn {
      defects.add(.dateTooEarly, at: "reported_on")
    }
    if move.address == registration.address, move.workplace == registration.workplace {
      defects.add(.registrationUnchanged, at: "address")
    }
    self.checkRoom(over: known, &defects)
  }

  private func checkRoom(over known: [Registration], _ defects: inout DefectList) {
    if known.count >= Registration.perPersonMax {
      defects.add(.registrationsTooMany, at: "person")
    }
  }
}

/// What recording a registration comes to.
enum RegistrationDecision: Hashable, Sendable {
  /// It is new and to be kept.
  case record
  /// The same person declared the same address on the same day before: that one stands.
  case existing(Registration)
}

/// What a change of a registration comes to.
enum RegistrationOutcome: Hashable, Sendable {
  /// The same change was made before and left this one.
  case stands(Registration)
  /// Another takes its place on the day of the report; it ends the day before.
  case changes(RegistrationChange.Move, isLate: Bool)
  /// It ends.
  case ends(on: CivilDate, EndReason)
}
