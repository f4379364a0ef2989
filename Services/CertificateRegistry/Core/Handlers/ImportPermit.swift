import Crypto
import DomainModel
import PermitProof
import RPC
import ServiceCore
import Storage
import Wire

extension RegistryHandlers {
  /// Imports a permit that was issued before there were electronic ones. The same one under another
  /// key gives the permit that stands.
  func importPermit(
    _ request: RegistryV1.ImportPermitRequest, _ context: CallContext
  ) async throws -> RegistryV1.ImportPermitResponse {
    try self.authorities.check(context)
    return try await self.answerOnce(request, key: request.idempotencyKey, context) { call in
      let command = try ImportClaim(request).checked(on: CivilDate(of: call.now), self.policy)
      let prepared = try self.prepare(command, call.now)
      // The platform or service calls for the bureau that issued.
      let actor = Actor(principal: call.stamp.actor.principal, office: command.bureau.code)
      return try await self.attempt {
        try await call.acting(as: actor).commit { transaction, stamp in
          let (permit, stood) = try self.store.importPermit(
            transaction, command, prepared, stamp)
          return RegistryV1.ImportPermitResponse(
            permit: RegistryV1.Permit(permit, nil, at: stamp.now, by: self.policy),
            stoodAlready: stood)
        }
      }
    }
  }

  /// The permit as it is to be kept. One that had run out before counts as suspended since, and
  /// nobody is told of that any more.
  private func prepare(_ command: ImportCommand, _ now: Timestamp) throws -> PreparedImport {
    try self.issuing.requireOpen()
    let earlier = command.earlier
    let identifier = try self.newIdentifier(command.bureau)
    var permit = Permit(
      id: self.parts.makeID(), kind: earlier.kind, certificateIdentifier: identifier.text,
      term: PermitTerm(issuedOn: earlier.issuedOn, validToOn: earlier.validToOn),
      bureauCode: command.bureau.code, divisionCode: command.residence.division,
      applicationID: "", caseID: "", keyID: self.signer.keyID, issuedAt: now)
    if let from = self.policy.suspendedFrom(permit), from <= CivilDate(of: now) {
      permit.standing.suspensionNotedFrom = from
    }
    let holder = command.holder
    let document = PermitDocument(
      .init(identifier, number: earlier.number),
      holder: .init(
        name: holder.name, citizenID: holder.citizenID, ethnicity: holder.ethnicity,
        household: holder.household, photoSHA256: command.photoSHA256),
      residence: command.residence,
      term: .init(issuedOn: earlier.issuedOn, validToOn: earlier.validToOn),
      signing: .init(
        .init(name: command.bureau.name, officeCode: command.bureau.code),
        keyID: self.signer.keyID, at: now))
    let bytes = document.canonicalBytes
    return PreparedImport(
      permit: permit,
      certificate: SignedCertificate(
        identifier: identifier.text, signed: SignedDocument(document: bytes, signature: []),
        keyID: self.signer.keyID, publicKeyPEM: self.signer.publicKeyPEM),
      documentSHA256: Hex.encode(try DigestAlgorithm.sha256.digest(bytes)))
  }
}

extension ImportClaim {
  fileprivate init(_ wire: RegistryV1.ImportPermitRequest) {
    self.init(
      kind: PermitKind(wire.kind), number: wire.number, holder: IdentityClaim(wire.holder),
      residence: Address(wire.residence), phone: wire.phone, photoSHA256: wire.photoSha256,
      bureauCode: wire.bureauCode, issuedOn: wire.issuedOn, validToOn: wire.validToOn)
  }
}
