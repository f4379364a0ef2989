import DomainModel
import ServiceCore
import Wire

extension RegistryV1.Permit {
  /// A permit as it stands at an instant; without document and signature where they are not given.
  init(
    _ permit: Permit, _ signed: SignedDocument?, at now: Timestamp, by policy: RegistryPolicy
  ) {
    self.init(factsOf: permit)
    self.state = RegistryV1.PermitState(policy.state(of: permit, at: now))
    self.suspendedFromOn = permit.isLive ? policy.suspendedFrom(permit)?.iso ?? "" : ""
    // An imported permit has no certificate until one is made and signed.
    if let signed, !signed.signature.isEmpty {
      self.document = signed.document
      self.signature = signed.signature
    }
  }

  /// The facts that are stored, without what is derived from them: how a permit stands in its
  /// history.
  init(factsOf permit: Permit) {
    let standing = permit.standing
    self.init(
      permitID: permit.id.text, certificateIdentifier: permit.certificateIdentifier,
      issuedOn: permit.term.issuedOn.iso, validToOn: permit.term.validToOn.iso,
      bureauCode: permit.bureauCode, applicationID: permit.applicationID, caseID: permit.caseID,
      keyID: permit.keyID, issuedAtMs: permit.issuedAt.milliseconds)
    self.kind = RegistryV1.PermitKind(permit.kind)
    self.previousCertificateIdentifier = permit.previousIdentifier ?? ""
    self.anchorOn = permit.term.anchorOn.iso
    self.divisionCode = permit.divisionCode
    self.version = Int64(permit.version)
    self.lostSinceMs = standing.lostSince?.milliseconds ?? 0
    self.endorsementPendingSinceOn = standing.pending?.submittedOn.iso ?? ""
    self.suspendedDays = Int32(clamping: standing.suspendedDays)
    self.cancelledAtMs = standing.cancellation?.at.milliseconds ?? 0
    self.cancelReason = standing.cancellation.map { .init($0.reason) } ?? .unspecified
    self.holdNumbers = standing.holds
    self.loadedAtMs = standing.loadedAt?.milliseconds ?? 0
    self.endorsementApplicationID = standing.pending?.applicationID ?? ""
    self.endorsementEndedOn = standing.pendingEndedOn?.iso ?? ""
    self.suspensionNotedFromOn = standing.suspensionNotedFrom?.iso ?? ""
    self.erasedAtMs = standing.erasedAt?.milliseconds ?? 0
  }
}

extension Permit {
  /// A permit of the facts that its history kept. Throws `UnusableData` where they are none.
  init(factsIn wire: RegistryV1.Permit) throws {
    guard let kind = PermitKind(wire.kind), let issuedOn = CivilDate(iso: wire.issuedOn),
      let validToOn = CivilDate(iso: wire.validToOn)
    else { throw UnusableData("the history of permit \(wire.permitID) keeps no permit") }
    self.init(
      id: ID(wire.permitID), kind: kind, certificateIdentifier: wire.certificateIdentifier,
      previousIdentifier: wire.previousCertificateIdentifier.isEmpty
        ? nil : wire.previousCertificateIdentifier,
      term: PermitTerm(
        issuedOn: issuedOn, validToOn: validToOn, anchorOn: CivilDate(iso: wire.anchorOn)),
      bureauCode: wire.bureauCode, divisionCode: wire.divisionCode,
      applicationID: wire.applicationID, caseID: wire.caseID, keyID: wire.keyID,
      issuedAt: Timestamp(milliseconds: wire.issuedAtMs), standing: PermitStanding(factsIn: wire),
      version: Int(wire.version))
  }
}

extension PermitFormat {
  /// The contract's.
  static let wire = PermitFormat(
    encode: { try RegistryV1.Permit(factsOf: $0).wireBytes() },
    decode: { try Permit(factsIn: RegistryV1.Permit(wireBytes: $0)) })
}

extension PermitStanding {
  fileprivate init(factsIn wire: RegistryV1.Permit) {
    self.lostSince = Timestamp(known: wire.lostSinceMs)
    if let submittedOn = CivilDate(iso: wire.endorsementPendingSinceOn) {
      self.pending = PendingEndorsement(
        applicationID: wire.endorsementApplicationID, submittedOn: submittedOn)
    }
    self.pendingEndedOn = CivilDate(iso: wire.endorsementEndedOn)
    self.suspensionNotedFrom = CivilDate(iso: wire.suspensionNotedFromOn)
    self.suspendedDays = Int(wire.suspendedDays)
    self.holds = wire.holdNumbers
    if let at = Timestamp(known: wire.cancelledAtMs), let reason = CancelReason(wire.cancelReason) {
      self.cancellation = Cancellation(reason: reason, at: at)
    }
    self.loadedAt = Timestamp(known: wire.loadedAtMs)
    self.erasedAt = Timestamp(known: wire.erasedAtMs)
  }
}

extension Timestamp {
  /// An instant on the wire, where 0 means unset.
  fileprivate init?(known milliseconds: Int64) {
    if milliseconds == 0 { return nil }
    self.init(milliseconds: milliseconds)
  }
}

extension RegistryV1.PermitState {
  init(_ state: PermitState) {
    switch state {
    case .valid: self = .valid
    case .endorsementWindow: self = .endorsementWindow
    case .suspended: self = .suspended
    case .lost: self = .lost
    case .cancelled: self = .cancelled
    }
  }
}

extension RegistryV1.PermitKind {
  init(_ kind: PermitKind) {
    switch kind {
    case .electronic: self = .electronic
    case .icCard: self = .icCard
    case .before2016: self = .before2016
    case .temporary: self = .temporary
    }
  }
}

extension PermitKind {
  /// Nil for what this version of the contract does not name.
  init?(_ wire: RegistryV1.PermitKind) {
    switch wire {
    case .electronic: self = .electronic
    case .icCard: self = .icCard
    case .before2016: self = .before2016
    case .temporary: self = .temporary
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension CancelReason {
  /// Nil for what this version of the contract does not name.
  init?(_ wire: RegistryV1.CancelReason) {
    switch wire {
    case .converted: self = .converted
    case .ownRequest: self = .ownRequest
    case .fraud: self = .fraud
    case .issuedInError: self = .issuedInError
    case .death: self = .death
    case .localHukou: self = .localHukou
    case .conditionsLost: self = .conditionsLost
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension RegistryV1.CancelReason {
  init(_ reason: CancelReason) {
    switch reason {
    case .converted: self = .converted
    case .ownRequest: self = .ownRequest
    case .fraud: self = .fraud
    case .issuedInError: self = .issuedInError
    case .death: self = .death
    case .localHukou: self = .localHukou
    case .conditionsLost: self = .conditionsLost
    }
  }
}
