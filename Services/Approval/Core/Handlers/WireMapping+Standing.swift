import DomainModel
import ServiceCore
import Wire

extension CaseStanding {
  /// The most notices that a case is told with.
  static let noticesMax = 50

  /// Reads what intake knows; throws `REQUEST_INVALID` with everything that is wrong with it.
  ///
  /// `now` stands for when it was withdrawn, where intake says that it is.
  init(_ wire: ApprovalV1.CaseStanding, now: Timestamp) throws {
    var defects = DefectList()
    let state = CaseState(toldBy: wire.state)
    if state == nil { defects.add(.valueUnknown, at: "standing.state") }
    if wire.progress < 0 { defects.add(.numberOutOfRange, at: "standing.progress") }
    if wire.caseID.utf8.count > OriginClaim.idCharactersMax {
      defects.add(.textTooLong, at: "standing.case_id")
    }
    if wire.notices.count > Self.noticesMax {
      defects.add(.numberOutOfRange, at: "standing.notices")
    }
    let clocks = RunningClocks(wire.clocks)
    if clocks == nil { defects.add(.dateInvalid, at: "standing.clocks") }
    let closure = Closure(wire.closure)
    if state == .closed, closure == nil { defects.add(.fieldMissing, at: "standing.closure") }
    let effect = ApprovalCase.Effect(wire.outcome)
    if state == .completed, effect == nil { defects.add(.fieldMissing, at: "standing.outcome") }
    let notices = wire.notices.compactMap(CaseNotice.init)
    if notices.count != wire.notices.count { defects.add(.valueUnknown, at: "standing.notices") }
    try defects.throwIfAny(.requestInvalid)
    guard let state, let clocks else { throw ServiceError(.requestInvalid) }
    self.init(
      caseID: wire.caseID.isEmpty ? nil : ID(wire.caseID), progress: wire.progress, state: state,
      clocks: clocks, effect: state == .completed ? effect : nil,
      withdrawnAt: state == .withdrawn ? now : nil, closure: state == .closed ? closure : nil,
      notices: notices)
  }
}

extension CaseState {
  /// Where intake may know a case to stand; nil for what it is never told of.
  fileprivate init?(toldBy wire: ApprovalV1.CaseState) {
    switch wire {
    case .awaitingAcceptance: self = .awaitingAcceptance
    case .awaitingSupplement: self = .awaitingSupplement
    case .awaitingReview: self = .awaitingReview
    case .reviewSupplement: self = .reviewSupplement
    case .completed: self = .completed
    case .notAccepted: self = .notAccepted
    case .refused: self = .refused
    case .awaitingConfirmation: self = .awaitingConfirmation
    case .withdrawn: self = .withdrawn
    case .closed: self = .closed
    case .awaitingApproval, .approved, .issueRefused, .awaitingForwarding, .awaitingMaking,
      .awaitingNotification, .unspecified, .unrecognized:
      return nil
    }
  }
}

extension RunningClocks {
  /// Nil without the guard of acceptance.
  fileprivate init?(_ wire: ApprovalV1.Clocks?) {
    guard let wire, let acceptance = DueDate(wire.acceptanceDue) else { return nil }
    self.init(
      acceptance: acceptance,
      acceptedAt: wire.acceptedAtMs > 0 ? Timestamp(milliseconds: wire.acceptedAtMs) : nil,
      promise: DueDate(wire.promiseDue), statute: DueDate(wire.statuteDue))
  }
}

extension CaseNotice {
  fileprivate init?(_ wire: ApprovalV1.CaseNotice) {
    guard let stage = Stage(wire.stage), wire.round > 0, wire.notifiedAtMs > 0 else { return nil }
    self.init(
      round: Int(wire.round), stage: stage,
      notifiedAt: Timestamp(milliseconds: wire.notifiedAtMs),
      supplementedAt: wire.supplementedAtMs > 0
        ? Timestamp(milliseconds: wire.supplementedAtMs) : nil)
  }
}

extension ApprovalCase.Effect {
  fileprivate init?(_ wire: ApprovalV1.Outcome?) {
    guard let wire, wire.issuedAtMs > 0 else { return nil }
    self.init(
      certificateIdentifier: wire.certificateIdentifier,
      validTo: CivilDate(iso: wire.validToOn), registrationID: wire.registrationID,
      at: Timestamp(milliseconds: wire.issuedAtMs))
  }
}
