import DomainModel
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
      let command = try IssueClaim(request).checked(on: CivilDate(of: call.now), self.policy)
      let officer = Actor(
        principal: command.actor, role: "approve", office: command.actorOffice)
      return try await self.issue(command, call.acting(as: officer))
    }
  }

  private func issue(
    _ command: IssueCommand, _ call: MutatingCall
  ) async throws -> RegistryV1.IssuePermitResponse {
    var isToSign = try await self.store.wouldIssue(command)
    for _ in 1...Self.issueAttemptsMax {
      let prepared = isToSign ? try await self.prepare(command, call.now) : nil
      do {
        return try await call.commit { transaction, stamp in
          let (permit, signed) = try self.store.issue(transaction, command, prepared, stamp)
          return RegistryV1.IssuePermitResponse(
            permit: .init(permit, signed, at: stamp.now, by: self.policy))
        }
      } catch is SignatureNeeded {
        isToSign = true
      } catch StorageError.uniqueViolation(constraint: RegistryMigrations.permitOfCaseUnique),
        StorageError.uniqueViolation(constraint: RegistryMigrations.permitLiveUnique)
      {
        // Another transaction was first; the next attempt sees its permit.
        isToSign = true
      }
    }
    throw ServiceError(.overloaded)
  }

  /// A signed permit that nothing knows of yet. One that was lost gets its identifier and its
  /// document again, byte for byte where the key is the same, so that what the holder has stays
  /// good; who was told of it is not told again.
  private func prepare(_ command: IssueCommand, _ now: Timestamp) async throws -> PreparedPermit {
    let permit = Permit(
      id: self.parts.makeID(),
      certificateIdentifier: try command.lost?.certificateIdentifier
        ?? self.newIdentifier(command.bureau),
      term: self.policy.term(issuedOn: command.issuedOn), bureauCode: command.bureau.code,
      divisionCode: command.residence.division, applicationID: command.applicationID,
      caseID: command.caseID, keyID: self.signer.keyID, issuedAt: command.lost?.issuedAt ?? now)
    let document = PermitDocument(
      certificateIdentifier: permit.certificateIdentifier, holder: command.holder,
      residence: command.residence, photoSHA256: command.photoSHA256, term: permit.term,
      bureau: command.bureau, keyID: permit.keyID
    ).canonicalBytes
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
      serial: CertificateIdentifier.makeSerial(random: self.parts.random), version: 1)
    guard let identifier else {
      throw ServiceError(code: .internal, message: "No certificate identifier can be made.")
    }
    return identifier.text
  }
}
