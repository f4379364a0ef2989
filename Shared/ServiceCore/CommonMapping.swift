public import DomainModel
public import Wire

// The common model on the wire: what more than one service reads or writes.

extension PageRequest {
  /// The page asked for; none is the first page of the default size. Throws `PAGE_INVALID`.
  public init(_ wire: ModelV1.Page?) throws {
    try self.init(size: Int(wire?.size ?? 0), token: wire?.token ?? "")
  }
}

extension DueDate {
  /// The last day of a term; nil where there is none or it is no date. Its instant follows.
  public init?(_ wire: ModelV1.DueDate?) {
    guard let wire, let date = CivilDate(iso: wire.dueOn) else { return nil }
    self.init(date: date, isProvisional: wire.provisional)
  }
}

extension ModelV1.DueDate {
  /// The last day of a term.
  public init(_ due: DueDate) {
    self.init(
      dueOn: due.date.iso, dueAtMs: due.instant.milliseconds, provisional: due.isProvisional)
  }
}

extension ApplicationKind {
  /// Nil for what this version of the contract does not name.
  public init?(_ wire: ModelV1.ApplicationKind) {
    switch wire {
    case .firstPermit: self = .firstPermit
    case .residenceRegistration: self = .residenceRegistration
    case .addressChange: self = .addressChange
    case .contactChange: self = .contactChange
    case .endorsement: self = .endorsement
    case .conversionByPermit: self = .conversionByPermit
    case .conversionByRegistration: self = .conversionByRegistration
    case .faceDataCorrection: self = .faceDataCorrection
    case .lossReport: self = .lossReport
    case .lossWithdrawal: self = .lossWithdrawal
    case .cancellation: self = .cancellation
    case .confirmationSlip: self = .confirmationSlip
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension ModelV1.ApplicationKind {
  /// The kind's name on the wire.
  public init(_ kind: ApplicationKind) {
    switch kind {
    case .firstPermit: self = .firstPermit
    case .residenceRegistration: self = .residenceRegistration
    case .addressChange: self = .addressChange
    case .contactChange: self = .contactChange
    case .endorsement: self = .endorsement
    case .conversionByPermit: self = .conversionByPermit
    case .conversionByRegistration: self = .conversionByRegistration
    case .faceDataCorrection: self = .faceDataCorrection
    case .lossReport: self = .lossReport
    case .lossWithdrawal: self = .lossWithdrawal
    case .cancellation: self = .cancellation
    case .confirmationSlip: self = .confirmationSlip
    }
  }
}

extension Address {
  /// The address as it was sent, unchecked; empty where none was.
  public init(_ wire: ModelV1.Address?) {
    self.init(
      division: wire?.divisionCode ?? "", street: wire?.street ?? "",
      community: wire?.community ?? "", detail: wire?.detail ?? "")
  }
}

extension ModelV1.Address {
  /// An address.
  public init(_ address: Address) {
    self.init(
      divisionCode: address.division, street: address.street, community: address.community,
      detail: address.detail)
  }
}

extension ClosureReason {
  /// Nil for what this version of the contract does not name.
  public init?(_ wire: ModelV1.ClosureReason) {
    switch wire {
    case .death: self = .death
    case .localHukou: self = .localHukou
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension ModelV1.ClosureReason {
  /// The reason's name on the wire.
  public init(_ reason: ClosureReason) {
    switch reason {
    case .death: self = .death
    case .localHukou: self = .localHukou
    }
  }
}

extension Closure {
  /// Nil where something of it is missing or is not of this version of the contract.
  public init?(_ wire: ModelV1.Closure?) {
    guard let wire, let reason = ClosureReason(wire.reason),
      let eventOn = CivilDate(iso: wire.eventOn), wire.closedAtMs > 0
    else { return nil }
    self.init(
      reason: reason, eventOn: eventOn, closedAt: Timestamp(milliseconds: wire.closedAtMs))
  }
}

extension ModelV1.Closure {
  /// That something has ended without a decision.
  public init(_ closure: Closure) {
    self.init(
      reason: .init(closure.reason), eventOn: closure.eventOn.iso,
      closedAtMs: closure.closedAt.milliseconds)
  }
}
