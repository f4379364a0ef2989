import DomainModel
import ServiceCore
import Wire

// The files of this name speak both the wire's and the domain's language.

extension IdentityClaim {
  init(_ wire: ModelV1.Identity?) {
    self.init(
      citizenID: wire?.citizenID ?? "", name: wire?.name ?? "",
      sex: wire.flatMap { Sex(rawValue: Int($0.sex.rawValue)) },
      ethnicityCode: wire?.ethnicityCode ?? "", household: Address(wire?.householdAddress))
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

extension RegistrationFormat {
  /// The contract's.
  static let wire = RegistrationFormat(
    encode: { try RegistryV1.Registration($0).wireBytes() },
    decode: { try Registration(factsIn: RegistryV1.Registration(wireBytes: $0)) })
}
