import DomainModel
import Logging
import PermitProof
import RPC
import ServiceCore
import Storage
import Wire

extension RegistryHandlers {
  /// Changes one permit by an order that `check` reads, and answers with what `reply` makes of it.
  /// Where the certificate is to be made anew it is signed outside of the transaction, on the
  /// signer's pool; the transaction decides again and saves all of it.
  func change<Answer: PermitAnswer>(
    _ check: (CivilDate, RegistryPolicy) throws -> PermitOrder,
    for request: some WireMessage, key: String, _ context: CallContext,
    reply: @escaping @Sendable (RegistryV1.Permit, ChangedPermit) -> Answer
  ) async throws -> Answer {
    try await self.answerOnce(request, key: key, context) { call in
      let order = try check(CivilDate(of: call.now), self.policy)
      let actor = Actor(principal: order.order.actor, office: order.order.actorOffice)
      return try await self.change(order, call.acting(as: actor)) { changed, now in
        if changed.isUntold {
          context.logger.warning(
            "a change of a permit has nobody who could be told",
            metadata: ["permit.id": "\(changed.permit.id)"])
        }
        return reply(
          RegistryV1.Permit(changed.permit, changed.signed, at: now, by: self.policy), changed)
      }
    }
  }

  /// How often an order is decided anew when another one was first between signing and saving.
  private static let attemptsMax = 4

  /// Decides and saves what is prepared outside of the transaction, from the start again where
  /// another transaction was first. Throws `OVERLOADED` where one always was.
  func attempt<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
    for _ in 1...Self.attemptsMax {
      do {
        return try await body()
      } catch is PreparedInVain {
        // What the permit says has changed; the next attempt prepares what it says by then.
      } catch StorageError.uniqueViolation(constraint: RegistryMigrations.permitOfCaseUnique),
        StorageError.uniqueViolation(constraint: RegistryMigrations.permitLiveUnique)
      {
        // There is another permit by now; the next attempt sees it.
      }
    }
    throw ServiceError(.overloaded)
  }

  private func change<Answer: WireMessage>(
    _ order: PermitOrder, _ call: MutatingCall,
    _ reply: @escaping @Sendable (ChangedPermit, Timestamp) -> Answer
  ) async throws -> Answer {
    try await self.attempt {
      let prepared = try await self.prepare(order, at: call.now)
      return try await call.commit { transaction, stamp in
        reply(try self.store.change(transaction, order, prepared, stamp), stamp.now)
      }
    }
  }

  /// The certificate that an order makes necessary; nil where the one there is stays.
  private func prepare(_ order: PermitOrder, at now: Timestamp) async throws -> PreparedChange? {
    let (permit, events, signed) = try await self.store.outlook(order, at: now)
    guard events.contains(where: \.makesCertificate) else { return nil }
    return try await self.makeAnew(permit, after: events, from: signed, at: now) { document in
      try order.changes.check(against: document)
      document.apply(order.changes)
    }
  }

  /// The next certificate of a permit after events: what the last one says, with what `change` says
  /// otherwise, signed.
  func makeAnew(
    _ permit: Permit, after events: [PermitEvent], from signed: SignedDocument,
    at now: Timestamp, _ change: (inout PermitDocument) throws -> Void
  ) async throws -> PreparedChange {
    let after = events.reduce(permit) { $0.applying($1, at: now) }
    guard let signedBefore = try? PermitDocument(canonicalBytes: signed.document) else {
      throw UnusableData("permit \(permit.id) has a document of another form")
    }
    var document = signedBefore.inNewestEdition
    try change(&document)
    document.naming = try self.naming(
      after: document.naming, isReinstated: events.contains(.reinstated))
    document.term.validToOn = after.term.validToOn
    document.term.validFromOn = max(document.term.validFromOn, after.term.anchorOn)
    document.signing.keyID = self.signer.keyID
    document.signing.at = now
    return PreparedChange(
      version: permit.version,
      certificate: try await self.sign(document, as: document.naming.identifier.text))
  }

  /// A document, signed. Throws `ISSUING_STOPPED` while nothing may be issued.
  func sign(_ document: PermitDocument, as identifier: String) async throws -> SignedCertificate {
    try self.issuing.requireOpen()
    let bytes = document.canonicalBytes
    return SignedCertificate(
      identifier: identifier,
      signed: SignedDocument(document: bytes, signature: try await self.signer.sign(bytes)),
      keyID: self.signer.keyID, publicKeyPEM: self.signer.publicKeyPEM)
  }

  /// The naming of the next certificate: the next version of the identifier, or another one where
  /// the permit was reinstated (rules, Registry); it names the one before.
  private func naming(
    after naming: PermitDocument.Naming, isReinstated: Bool
  ) throws -> PermitDocument.Naming {
    let last = naming.identifier
    let next = CertificateIdentifier(
      type: last.type, issuer: last.issuer,
      serial: isReinstated
        ? CertificateIdentifier.makeSerial(random: self.parts.random) : last.serial,
      version: isReinstated ? 1 : last.version + 1)
    guard let next else {
      throw ServiceError(
        .certificateVersionsUsedUp, metadata: ["certificate_identifier": last.text])
    }
    return PermitDocument.Naming(next, number: isReinstated ? nil : naming.number, previous: last)
  }
}

extension FaceChanges {
  /// Throws `REQUEST_INVALID` where they are another person's: another citizen number is an event
  /// of the person, never a correction.
  fileprivate func check(against document: PermitDocument) throws {
    guard let holder = self.holder, holder.citizenID.text != document.holder.citizenID else {
      return
    }
    var defects = DefectList()
    defects.add(.valueUnknown, at: "holder.citizen_id")
    throw ServiceError(.requestInvalid, violations: defects.violations)
  }
}

extension PermitDocument {
  /// Says what an order changes of it.
  fileprivate mutating func apply(_ changes: FaceChanges) {
    if let residence = changes.residence { self.residence = residence }
    if let holder = changes.holder {
      self.holder = Holder(
        name: holder.name, citizenID: holder.citizenID, ethnicity: holder.ethnicity,
        household: holder.household,
        photoSHA256: changes.photoSHA256 ?? self.holder.photoSHA256)
    }
  }
}
