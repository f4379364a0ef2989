import DomainModel

/// What becomes of a permit: pure, over its stored facts, a command, the instant and the policy.
struct PermitMachine: Sendable {
  let policy: RegistryPolicy

  /// The events that a command leads to; none for a pending endorsement, a hold or a loading that
  /// is noted already, and for a suspension that is not due.
  ///
  /// Throws `RECORD_ERASED`, `PERMIT_WRONG_STATE` and `PERMIT_HELD` with the state and the rule,
  /// `ENDORSEMENT_TOO_EARLY` with the day on which the window opens, `PERMIT_MUST_CONVERT` for a
  /// residence outside of the unit that issued it, `ENDORSEMENT_ALREADY_PENDING` for a second
  /// application, `HOLD_UNKNOWN` and `HOLDS_TOO_MANY`.
  func decide(
    _ permit: Permit, _ command: PermitCommand, now: Timestamp
  ) throws -> [PermitEvent] {
    if permit.standing.erasedAt != nil { throw ServiceError(.recordErased) }
    if self.isDone(permit, command) { return [] }
    let state = self.policy.state(of: permit, at: now)
    guard self.states(taking: command).contains(state) else {
      throw self.refusal(.permitWrongState, state, command)
    }
    if !permit.standing.holds.isEmpty, PermitRule.isStayedByHold(command) {
      throw self.refusal(.permitHeld, state, command)
    }
    switch command {
    case .endorse(let endorsement): return try self.endorse(permit, endorsement)
    case .changeAddress(let move): return [try self.moved(permit, move)]
    case .changeContact: return [.contactChanged]
    case .correct: return [.corrected]
    case .reportLoss: return [.lost]
    case .withdrawLoss: return [.found]
    case .notePending(let pending): return try self.notePending(permit, pending)
    case .endPending(_, let outcome, let day): return self.endPending(permit, outcome, day)
    case .noteSuspension: return self.noteSuspension(permit, now)
    case .cancel(let reason): return self.cancel(permit, reason, now)
    case .reinstate: return [.reinstated]
    case .placeHold(let number): return try self.placeHold(permit, number)
    case .releaseHold(let number): return try self.releaseHold(permit, number)
    case .load: return [.loaded]
    case .renumber: return [.renumbered]
    case .removePhone: return [.phoneRemoved]
    }
  }

  private func states(taking command: PermitCommand) -> Set<PermitState> {
    var states = PermitRule.states(taking: command)
    if command == .cancel(.converted), !self.policy.settings.conversionTakesSuspended {
      states.remove(.suspended)
    }
    return states
  }

  /// Whether the permit stands already as the command has it.
  private func isDone(_ permit: Permit, _ command: PermitCommand) -> Bool {
    let standing = permit.standing
    return switch command {
    case .notePending(let pending): standing.pending == pending
    case .endPending(let application, _, _): standing.pending?.applicationID != application
    case .placeHold(let number): standing.holds.contains(number)
    case .load: standing.loadedAt != nil && permit.isLive
    default: false
    }
  }

  private func refusal(
    _ reason: ErrorReason, _ state: PermitState, _ command: PermitCommand
  ) -> ServiceError {
    ServiceError(
      reason, metadata: ["state": state.rawValue, "rule": PermitRule.ground(of: command)])
  }
}

extension PermitMachine {
  /// In time, the next full year of the same anchor; late, a year by the policy's `late_anchor`,
  /// and the days of the suspension do not count as residence (rules, Registry).
  private func endorse(
    _ permit: Permit, _ endorsement: PermitCommand.Endorsement
  ) throws -> [PermitEvent] {
    let window = self.policy.window(of: permit.term)
    guard endorsement.submittedOn >= window.opensOn else {
      throw ServiceError(
        .endorsementTooEarly, metadata: ["opens_on": window.opensOn.iso])
    }
    let isLate = endorsement.submittedOn > window.closesOn
    var term = permit.term
    var suspendedDays = 0
    if isLate {
      if let from = self.policy.suspendedFrom(permit) {
        suspendedDays = max(0, from.days(until: endorsement.decidedOn))
      }
      term = self.policy.term(permit.term, endorsedLateOn: endorsement.decidedOn)
    } else {
      term.validToOn = self.policy.nextFullYear(of: term, after: term.validToOn)
    }
    let ridden = try endorsement.move.map { try self.moved(permit, $0) }
    return (ridden.map { [$0] } ?? [])
      + [.endorsed(term, suspendedDays: suspendedDays, isLate: isLate)]
  }

  /// A move inside the issuing unit, flagged where it was reported after the policy's
  /// `change_report_days` and never refused for that (Zhejiang Regulation, Arts. 13 and 19).
  private func moved(
    _ permit: Permit, _ move: PermitCommand.AddressChange
  ) throws -> PermitEvent {
    let divisions = self.policy.divisions
    let unit = divisions.residenceUnit(of: permit.divisionCode)
    guard unit != nil, unit == divisions.residenceUnit(of: move.divisionCode) else {
      throw ServiceError(.permitMustConvert, metadata: ["division_code": move.divisionCode])
    }
    let days = move.changedOn.days(until: move.reportedOn)
    return .moved(
      toDivision: move.divisionCode, isLate: days > self.policy.settings.changeReportDays)
  }

  private func notePending(
    _ permit: Permit, _ pending: PendingEndorsement
  ) throws -> [PermitEvent] {
    let window = self.policy.window(of: permit.term)
    guard pending.submittedOn >= window.opensOn else {
      throw ServiceError(
        .endorsementTooEarly, metadata: ["opens_on": window.opensOn.iso])
    }
    if let other = permit.standing.pending {
      throw ServiceError(
        .endorsementAlreadyPending, metadata: ["application_id": other.applicationID])
    }
    return [.endorsementPending(pending, isInTime: pending.submittedOn <= window.closesOn)]
  }

  /// It cannot have ended before it was applied for.
  private func endPending(
    _ permit: Permit, _ outcome: PendingOutcome, _ day: CivilDate
  ) -> [PermitEvent] {
    guard let pending = permit.standing.pending else { return [] }
    return [
      .endorsementEnded(
        outcome, on: max(day, pending.submittedOn),
        wasInTime: pending.submittedOn <= self.policy.window(of: permit.term).closesOn)
    ]
  }

  /// A fact of life overtakes an endorsement that is pending: whoever decides on it later finds no
  /// permit, and whoever withdraws it finds it ended.
  private func cancel(
    _ permit: Permit, _ reason: CancelReason, _ now: Timestamp
  ) -> [PermitEvent] {
    guard reason.isFactOfLife else { return [.cancelled(reason)] }
    return self.endPending(permit, .overtaken, CivilDate(of: now)) + [.cancelled(reason)]
  }

  private func noteSuspension(_ permit: Permit, _ now: Timestamp) -> [PermitEvent] {
    guard permit.isLive, permit.standing.suspensionNotedFrom == nil,
      let from = self.policy.suspendedFrom(permit), from <= CivilDate(of: now)
    else { return [] }
    return [.suspended(from: from)]
  }

  private func placeHold(_ permit: Permit, _ number: String) throws -> [PermitEvent] {
    guard permit.standing.holds.count < PermitStanding.holdsMax else {
      throw ServiceError(
        .holdsTooMany, metadata: ["holds_max": String(PermitStanding.holdsMax)])
    }
    return [.held(number)]
  }

  private func releaseHold(_ permit: Permit, _ number: String) throws -> [PermitEvent] {
    guard permit.standing.holds.contains(number) else {
      throw ServiceError(.holdUnknown, metadata: ["document_number": number])
    }
    return [.released(number)]
  }
}
