import DomainModel
import ServiceCore
import Wire

// The one file that speaks both the wire's and the domain's language.

extension IdentityClaim {
  init(_ wire: ModelV1.Identity?) {
    self.init(
      citizenID: wire?.citizenID ?? "", name: wire?.name ?? "",
      sex: wire.flatMap { Sex(rawValue: Int($0.sex.rawValue)) },
      ethnicityCode: wire?.ethnicityCode ?? "", household: Address(wire?.householdAddress))
  }
}

extension RegistrationClaim {
  init(_ wire: RegistryV1.RecordRegistrationRequest) {
    self.init(
      person: IdentityClaim(wire.person), address: Address(wire.address),
      declaredOn: wire.declaredOn, endedOn: wire.endedOn, officeCode: wire.officeCode)
  }
}

extension IssueClaim {
  init(_ wire: RegistryV1.IssuePermitRequest) {
    self.init(
      applicationID: wire.applicationID, caseID: wire.caseID, holder: IdentityClaim(wire.holder),
      residence: Address(wire.residence), phone: wire.phone, photoSHA256: wire.photoSha256,
      bureauCode: wire.bureauCode, issuedOn: wire.issuedOn, actor: wire.actor,
      actorOffice: wire.actorOffice, policyVersion: wire.policyVersion,
      certificateIdentifier: wire.certificateIdentifier, issuedAtMs: wire.issuedAtMs)
  }
}

extension RegistryV1.Registration {
  init(_ registration: Registration) {
    self.init(
      registrationID: registration.id.text, address: ModelV1.Address(registration.address),
      declaredOn: registration.declaredOn.iso, endedOn: registration.endedOn?.iso ?? "",
      officeCode: registration.officeCode,
      recordedAtMs: registration.recordedAt.milliseconds)
  }
}

extension RegistryV1.Permit {
  /// A permit in its state; without document and signature where they are not given.
  init(_ permit: Permit, _ signed: SignedDocument?, _ state: PermitState) {
    self.init(
      permitID: permit.id.text, certificateIdentifier: permit.certificateIdentifier,
      state: RegistryV1.PermitState(state),
      issuedOn: permit.term.issuedOn.iso, validToOn: permit.term.validToOn.iso,
      bureauCode: permit.bureauCode, applicationID: permit.applicationID, caseID: permit.caseID,
      document: signed?.document ?? [], signature: signed?.signature ?? [], keyID: permit.keyID,
      issuedAtMs: permit.issuedAt.milliseconds)
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
