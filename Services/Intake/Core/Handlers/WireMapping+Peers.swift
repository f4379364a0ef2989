import DomainModel
import ServiceCore
import Wire

/// What the peers say, in the domain's words. A peer's message that lacks what it must have is
/// `REQUEST_INVALID` where it called us, and no answer at all where we called it.
extension Progress {
  /// The most reasons of one step.
  static let reasonsMax = 50

  /// Reads a step; throws `REQUEST_INVALID` with everything that is wrong with it.
  init(_ request: IntakeV1.RecordProgressRequest) throws {
    var defects = DefectList()
    if request.sequence < 1 { defects.add(.numberOutOfRange, at: "sequence") }
    let step = Self.step(request, &defects)
    try defects.throwIfAny(.requestInvalid)
    guard let step else { throw ServiceError(.requestInvalid) }
    self = step
  }

  private static func step(
    _ request: IntakeV1.RecordProgressRequest, _ defects: inout DefectList
  ) -> Progress? {
    switch request.step {
    case .accepted(let acceptance):
      return .accepted(
        Acceptance(
          acceptedAt: Timestamp(milliseconds: acceptance.acceptedAtMs),
          promiseDue: Self.due(acceptance.promiseDue, "accepted.promise_due", &defects),
          statuteDue: Self.due(acceptance.statuteDue, "accepted.statute_due", &defects)))
    case .supplementNeeded(let notice):
      return .supplementNeeded(
        SupplementNotice(
          sequence: request.sequence, round: notice.round,
          notifiedAt: Timestamp(milliseconds: notice.notifiedAtMs),
          reasons: Self.reasons(notice.reasons, "supplement_needed.reasons", &defects)))
    case .resumed(let resumption):
      return Self.resumption(resumption, &defects).map { .resumed($0) }
    case .paused(let stop): return Self.pause(stop, &defects)
    case .extended(let extended):
      return Self.due(extended.statuteDue, "extended.statute_due", &defects).map {
        .extended(days: Int(extended.days), statuteDue: $0, rule: extended.rule)
      }
    case .notAccepted(let refusal):
      return .notAccepted(Self.refusal(refusal, "not_accepted.reasons", &defects))
    case .refused(let refusal):
      return .refused(Self.refusal(refusal, "refused.reasons", &defects))
    case .completed(let completion): return .completed(Self.completion(completion, &defects))
    case .withdrawn(let withdrawal):
      return .withdrawn(at: Timestamp(milliseconds: withdrawal.withdrawnAtMs))
    case .closed(let wire):
      let closure = Closure(wire)
      if closure == nil { defects.add(.valueUnknown, at: "closed") }
      return closure.map { .closed($0) }
    case nil:
      defects.add(.fieldMissing, at: "step")
      return nil
    }
  }

  private static func pause(
    _ stop: IntakeV1.ClockStop, _ defects: inout DefectList
  ) -> Progress? {
    let reason: PauseReason? =
      switch stop.kind {
      case .hearing: .hearing
      case .appraisal: .appraisal
      case .supplement, .unspecified, .unrecognized: nil
      }
    let until = CivilDate(iso: stop.expectedUntilOn)
    if reason == nil { defects.add(.valueUnknown, at: "paused.kind") }
    if until == nil { defects.add(.dateInvalid, at: "paused.expected_until_on") }
    guard let reason, let until else { return nil }
    return .paused(
      reason, at: Timestamp(milliseconds: stop.pausedAtMs), expectedUntil: until)
  }

  /// A last day is some permit's. One that is cancelled has none.
  private static func completion(
    _ message: IntakeV1.Completion, _ defects: inout DefectList
  ) -> Completion {
    let validTo = CivilDate(iso: message.validToOn)
    if validTo == nil, !message.validToOn.isEmpty {
      defects.add(.dateInvalid, at: "completed.valid_to_on")
    } else if validTo != nil, message.certificateIdentifier.isEmpty {
      defects.add(.fieldMissing, at: "completed.certificate_identifier")
    }
    return Completion(
      completedAt: Timestamp(milliseconds: message.completedAtMs),
      certificateIdentifier: message.certificateIdentifier, validTo: validTo,
      registrationID: message.registrationID)
  }

  /// Either the guard or both terms, never all three: a case is accepted or it is not.
  private static func resumption(
    _ message: IntakeV1.Resumption, _ defects: inout DefectList
  ) -> Resumption? {
    if message.promiseDue == nil, message.statuteDue == nil {
      return Self.due(message.acceptanceDue, "resumed.acceptance_due", &defects)
        .map { .beforeAcceptance(acceptanceDue: $0) }
    }
    if message.acceptanceDue != nil {
      defects.add(.fieldNotWanted, at: "resumed.acceptance_due")
    }
    let promise = Self.due(message.promiseDue, "resumed.promise_due", &defects)
    let statute = Self.due(message.statuteDue, "resumed.statute_due", &defects)
    guard let promise, let statute else { return nil }
    return .afterAcceptance(promiseDue: promise, statuteDue: statute)
  }

  private static func refusal(
    _ refusal: IntakeV1.Refusal, _ field: String, _ defects: inout DefectList
  ) -> Refusal {
    Refusal(
      decidedAt: Timestamp(milliseconds: refusal.decidedAtMs),
      reasons: Self.reasons(refusal.reasons, field, &defects),
      reconsiderationAuthority: refusal.reconsiderationAuthority, court: refusal.court)
  }

  /// A negative word without a reason is none (Decree 663, Art. 9; Zhejiang Regulation, Art. 18).
  private static func reasons(
    _ reasons: [ModelV1.Reason], _ field: String, _ defects: inout DefectList
  ) -> [Reason] {
    if reasons.isEmpty { defects.add(.fieldMissing, at: field) }
    if reasons.count > Self.reasonsMax { defects.add(.numberOutOfRange, at: field) }
    return reasons.map { Reason(code: $0.code, text: $0.text) }
  }

  private static func due(
    _ due: ModelV1.DueDate?, _ field: String, _ defects: inout DefectList
  ) -> DueDate? {
    let read = DueDate(due)
    if read == nil { defects.add(.dateInvalid, at: field) }
    return read
  }
}

extension Residence {
  /// The registry's answer. A registration outside the region's units counts nowhere here, and
  /// neither does one that was recorded in error.
  init(
    _ answer: RegistryV1.GetResidenceHistoryResponse, on today: CivilDate,
    _ divisions: DivisionTable
  ) throws {
    self.inForce = answer.registrations.compactMap {
      RegisteredResidence($0, on: today, divisions)
    }
    self.registrations = try answer.registrations.compactMap { registration in
      let code = registration.address?.divisionCode ?? ""
      guard registration.endReason != .recordedInError,
        let unit = divisions.residenceUnit(of: code)
      else { return nil }
      guard let declaredOn = CivilDate(iso: registration.declaredOn),
        let period = RegistrationPeriod(
          unit: unit.code, declaredOn: declaredOn, endedOn: CivilDate(iso: registration.endedOn))
      else { throw UnusableData("registration \(registration.registrationID) has no days") }
      return period
    }
  }
}

extension RegisteredResidence {
  /// Nil for one that is not in force on the day, or outside the region.
  init?(_ wire: RegistryV1.Registration, on today: CivilDate, _ divisions: DivisionTable) {
    let address = wire.address ?? ModelV1.Address()
    guard wire.endReason != .recordedInError,
      let unit = divisions.residenceUnit(of: address.divisionCode),
      let declaredOn = CivilDate(iso: wire.declaredOn), declaredOn <= today,
      CivilDate(iso: wire.endedOn) ?? .latest >= today
    else { return nil }
    self.init(
      id: wire.registrationID, unit: unit.code, declaredOn: declaredOn,
      address: Address(
        division: address.divisionCode, street: address.street, community: address.community,
        detail: address.detail),
      workplace: wire.workplace)
  }
}

extension HeldPermit {
  /// The live permit among those that were found; `named` says which it is. Nil where it has been
  /// cancelled between the two answers.
  init?(
    _ found: RegistryV1.FindPermitsResponse, named identifier: String, _ divisions: DivisionTable
  ) throws {
    let live = found.permits.first {
      $0.certificateIdentifier == identifier && $0.state != .cancelled
    }
    guard let live else { return nil }
    guard let validTo = CivilDate(iso: live.validToOn) else {
      throw UnusableData("permit \(live.permitID) has no days")
    }
    self.init(
      certificateIdentifier: live.certificateIdentifier, division: live.divisionCode,
      unit: divisions.residenceUnit(of: live.divisionCode), standing: Standing(live.state),
      validTo: validTo, isHeld: !live.holdNumbers.isEmpty,
      isEndorsementPending: !live.endorsementPendingSinceOn.isEmpty)
  }
}

extension HeldPermit.Standing {
  /// Of a live permit: whatever a later version of the contract names is not in the way.
  fileprivate init(_ state: RegistryV1.PermitState) {
    switch state {
    case .suspended: self = .suspended
    case .lost: self = .lost
    case .valid, .endorsementWindow, .cancelled, .unspecified, .unrecognized: self = .valid
    }
  }
}
