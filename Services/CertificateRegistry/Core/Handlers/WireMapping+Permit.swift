import DomainModel
import Wire

extension RegistryV1.Permit {
  /// A permit as it stands at an instant; without document and signature where they are not given.
  init(
    _ permit: Permit, _ signed: SignedDocument?, at now: Timestamp, by policy: RegistryPolicy
  ) {
    let standing = permit.standing
    self.init(
      permitID: permit.id.text, certificateIdentifier: permit.certificateIdentifier,
      state: RegistryV1.PermitState(policy.state(of: permit, at: now)),
      issuedOn: permit.term.issuedOn.iso, validToOn: permit.term.validToOn.iso,
      bureauCode: permit.bureauCode, applicationID: permit.applicationID, caseID: permit.caseID,
      document: signed?.document ?? [], signature: signed?.signature ?? [], keyID: permit.keyID,
      issuedAtMs: permit.issuedAt.milliseconds)
    self.kind = RegistryV1.PermitKind(permit.kind)
    self.previousCertificateIdentifier = permit.previousIdentifier ?? ""
    self.anchorOn = permit.term.anchorOn.iso
    self.divisionCode = permit.divisionCode
    self.version = Int64(permit.version)
    self.lostSinceMs = standing.lostSince?.milliseconds ?? 0
    self.endorsementPendingSinceOn = standing.pending?.submittedOn.iso ?? ""
    self.suspendedFromOn = permit.isLive ? policy.suspendedFrom(permit)?.iso ?? "" : ""
    self.suspendedDays = Int32(clamping: standing.suspendedDays)
    self.cancelledAtMs = standing.cancellation?.at.milliseconds ?? 0
    self.cancelReason = standing.cancellation.map { .init($0.reason) } ?? .unspecified
    self.held = !standing.holds.isEmpty
    self.loadedAtMs = standing.loadedAt?.milliseconds ?? 0
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
