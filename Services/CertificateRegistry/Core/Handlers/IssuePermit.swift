import DomainModel
import PermitProof
import RPC
import ServiceCore
import Storage
import Wire

extension RegistryHandlers {
  /// Issues a first permit. The document is signed outside of the transaction, on the signer's
  /// pool; the transaction decides again and saves permit, history and the text to the holder.
  func issuePermit(
    _ request: RegistryV1.IssuePermitRequest, _ context: CallContext
  ) async throws -> RegistryV1.IssuePermitResponse {
    try await self.answerOnce(request, key: request.idempotencyKey, context) { call in
      let command = try IssueClaim(request).checked(on: CivilDate(of: call.now), self.policy)
      return try await self.issue(command, call) { permit, _ in
        RegistryV1.IssuePermitResponse(permit: permit)
      }
    }
  }

  /// Issues or converts, and answers with what `reply` makes of the permit and the identifier of
  /// the one that was cancelled for it.
  func issue<Answer: WireMessage>(
    _ command: IssueCommand, _ caller: MutatingCall,
    reply: @escaping @Sendable (RegistryV1.Permit, String?) -> Answer
  ) async throws -> Answer {
    let officer = Actor(principal: command.actor, role: "approve", office: command.actorOffice)
    let call = caller.acting(as: officer)
    var isToSign = try await self.store.wouldIssue(command, at: call.now)
    return try await self.attempt {
      let prepared = isToSign ? try await self.prepare(command, call.now) : nil
      // Whoever comes again may have to.
      isToSign = true
      return try await call.commit { transaction, stamp in
        let issued = try self.store.issue(transaction, command, prepared, stamp)
        return reply(
          RegistryV1.Permit(issued.permit, issued.signed, at: stamp.now, by: self.policy),
          issued.cancelledIdentifier)
      }
    }
  }

  /// A signed permit that nothing knows of yet. One that was lost gets its identifier and its
  /// document again, byte for byte where the key is the same, so that what the holder has stays
  /// good; who was told of it is not told again.
  private func prepare(_ command: IssueCommand, _ now: Timestamp) async throws -> PreparedPermit {
    let permit = Permit(
      id: self.parts.makeID(),
      certificateIdentifier: try command.lost?.certificateIdentifier
        ?? self.newIdentifier(command.bureau).text,
      term: self.policy.term(issuedOn: command.issuedOn), bureauCode: command.bureau.code,
      divisionCode: command.residence.division, applicationID: command.applicationID,
      caseID: command.caseID, keyID: self.signer.keyID, issuedAt: command.lost?.issuedAt ?? now)
    let identifier = permit.certificateIdentifier
    let signedAt = try await self.store.read { [store = self.store] snapshot in
      guard command.lost != nil else { return now }
      // A key that was not there yet at the first instant cannot have signed then.
      let first = try store.signingKeys.firstUse(snapshot, of: permit.keyID, now: now)
      return max(permit.issuedAt, first ?? permit.issuedAt)
    }
    let certificate = try await self.sign(
      PermitDocument(permit, command, signedAt: signedAt), as: identifier)
    let told: PermitTexts = command.conversion == nil ? .issued : .converted
    let holder = PermitTexts.Recipient(
      maskedName: command.holder.name.masked, phone: command.phone)
    let text = try command.lost == nil ? told.message(of: permit, to: holder) : nil
    let reminders = try PermitReminders.message(
      from: nil, to: permit, for: holder, self.policy, at: now)
    return PreparedPermit(
      permit: permit, certificate: certificate,
      messages: [text, reminders].compactMap(\.self))
  }

  /// A new identifier of version 001, with a serial number that nobody can guess.
  func newIdentifier(_ bureau: Office) throws -> CertificateIdentifier {
    let identifier = CertificateIdentifier(
      type: self.policy.settings.certificateType, issuer: bureau.creditCode ?? "",
      serial: CertificateIdentifier.makeSerial(random: self.parts.random), version: 1)
    guard let identifier else {
      throw ServiceError(code: .internal, message: "No certificate identifier can be made.")
    }
    return identifier
  }
}

extension PermitDocument {
  /// The document of a permit that an order has made.
  fileprivate init(
    _ permit: Permit, _ command: IssueCommand, signedAt: Timestamp
  ) throws {
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
        keyID: permit.keyID, at: signedAt))
  }
}
