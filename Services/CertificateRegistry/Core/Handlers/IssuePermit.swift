import DomainModel
import PermitProof
import RPC
import ServiceCore
import Storage
import Wire

extension RegistryHandlers {
  /// How often an order is decided anew when another one was first between signing and saving.
  static let issueAttemptsMax = 4

  /// Issues a first permit. The document is signed outside of the transaction, on the signer's
  /// pool; the transaction decides again and saves permit, history and the text to the holder.
  func issuePermit(
    _ request: RegistryV1.IssuePermitRequest, _ context: CallContext
  ) async throws -> RegistryV1.IssuePermitResponse {
    try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let now = self.time.now()
      let command = try IssueClaim(request).checked(on: CivilDate(of: now), self.policy)
      return try await self.issue(command, call, now)
    }
  }

  private func issue(
    _ command: IssueCommand, _ call: InboxCall, _ now: Timestamp
  ) async throws -> [UInt8] {
    let policy = self.policy
    let stamp = Stamp(
      actor: command.actor, office: command.actorOffice, now: now, newPerson: self.newID(now))
    var isToSign = try await self.store.wouldIssue(command)
    for _ in 1...Self.issueAttemptsMax {
      let prepared = isToSign ? try await self.prepare(command, now) : nil
      let outcome = try await self.store.issue(command, prepared, call, stamp) { permit, signed in
        try RegistryV1.IssuePermitResponse(
          permit: RegistryV1.Permit(permit, signed, at: now, by: policy)
        ).wireBytes()
      }
      switch outcome {
      case .answered(let reply): return reply
      case .needsSignature: isToSign = true
      }
    }
    throw ServiceError(.overloaded)
  }

  /// A signed permit that nothing knows of yet. One that was lost gets its identifier and its
  /// document again, byte for byte where the key is the same, so that what the holder has stays
  /// good; who was told of it is not told again.
  private func prepare(_ command: IssueCommand, _ now: Timestamp) async throws -> PreparedPermit {
    let permit = Permit(
      id: self.newID(now),
      certificateIdentifier: try command.lost?.certificateIdentifier
        ?? self.newIdentifier(command.bureau),
      term: self.policy.term(issuedOn: command.issuedOn), bureauCode: command.bureau.code,
      divisionCode: command.residence.division, applicationID: command.applicationID,
      caseID: command.caseID, keyID: self.signer.keyID, issuedAt: command.lost?.issuedAt ?? now)
    let document = try PermitDocument(permit, command).canonicalBytes
    return PreparedPermit(
      permit: permit,
      signed: SignedDocument(
        document: document, signature: try await self.signer.sign(document)),
      publicKeyPEM: self.signer.publicKeyPEM,
      message: try command.lost == nil
        ? CompletionText.message(permit, to: command.holder.name.masked, at: command.phone) : nil)
  }

  /// A new identifier of version 001, with a serial number that nobody can guess.
  private func newIdentifier(_ bureau: Office) throws -> String {
    let identifier = CertificateIdentifier(
      type: self.policy.settings.certificateType, issuer: bureau.creditCode ?? "",
      serial: CertificateIdentifier.makeSerial(random: self.random), version: 1)
    guard let identifier else {
      throw ServiceError(code: .internal, message: "No certificate identifier can be made.")
    }
    return identifier.text
  }
}

extension PermitDocument {
  /// The document of a permit that an order has made.
  fileprivate init(_ permit: Permit, _ command: IssueCommand) throws {
    guard let identifier = CertificateIdentifier(permit.certificateIdentifier) else {
      throw ServiceError(code: .internal, message: "The permit's identifier is none.")
    }
    let holder = command.holder
    self.init(
      Naming(identifier),
      holder: Holder(
        name: holder.name, citizenID: holder.citizenID, ethnicity: holder.ethnicity,
        household: holder.household, photoSHA256: command.photoSHA256),
      residence: command.residence,
      term: Term(issuedOn: permit.term.issuedOn, validToOn: permit.term.validToOn),
      signing: Signing(
        Authority(name: command.bureau.name, officeCode: command.bureau.code),
        keyID: permit.keyID, at: permit.issuedAt))
  }
}
