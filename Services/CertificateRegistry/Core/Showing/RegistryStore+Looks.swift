import DomainModel
import PermitProof
import ServiceCore
import Storage

extension RegistryStore {
  /// The permit that has or had a certificate of this identifier, as verifiers are told of it; nil
  /// where there is none.
  func shown(_ snapshot: Snapshot, identifier: String) throws -> ShownPermit? {
    let permit = try self.permits.find(snapshot, identifier: identifier, within: .everything)
    return try permit.map { try self.shown(snapshot, $0, as: identifier) }
  }

  private func shown(
    _ snapshot: Snapshot, _ permit: Permit, as identifier: String
  ) throws -> ShownPermit {
    let document = try self.permits.signedDocument(snapshot, of: permit.id).document
    let name = PermitDocument.holderName(canonicalBytes: document)
    return ShownPermit(
      permit: permit, identifier: identifier, maskedName: name.map(PersonName.masked) ?? "")
  }

  /// The public keys by which permits were signed, the newest first, as many as a verifier trusts.
  func signingKeys() async throws -> [(id: String, pem: String)] {
    try await self.read { snapshot in
      try snapshot.rows(
        """
        SELECT key_id, public_key_pem FROM signing_key
        ORDER BY first_used_at DESC, key_id LIMIT \(SigningKeyRing.keysMax)
        """
      ).map { (id: try $0.text("key_id"), pem: try $0.text("public_key_pem")) }
    }
  }

  /// Lets a verifier look at a permit once, by the hash of a holder's code, and keeps that he did.
  func redeem(
    _ transaction: Transaction, hash: [UInt8], _ look: Look, at now: Timestamp
  ) throws -> LookAnswer {
    guard let presentation = try self.presentations.find(transaction, hash: hash) else {
      let answer = LookAnswer([.presentationUnknown], at: now)
      try self.provisions.record(transaction, look.provision(answer))
      return answer
    }
    let refusal = presentation.refusal(by: look.verifier, for: look.query.purpose, at: now)
    let permit = try self.permits.find(transaction, presentation.permit)
    guard refusal == nil, let permit else {
      let answer = LookAnswer([refusal ?? .permitUnknown], at: now)
      try self.provisions.record(transaction, look.provision(answer, of: permit))
      return answer
    }
    try self.presentations.redeem(transaction, hash: hash, by: look.verifier, at: now)
    let shown = try self.shown(transaction, permit, as: permit.certificateIdentifier)
    let answer = self.machine.policy.answer(look.query, of: shown, at: now)
    try self.provisions.record(
      transaction, look.provision(answer, of: permit, as: shown.identifier))
    return answer
  }

  /// Keeps a code that a holder will show.
  ///
  /// Throws what `showable` and `paperStatus` do, `NOT_LOADED`, and `OVERLOADED` where as many
  /// codes of the permit live as may.
  func present(
    _ transaction: Transaction, _ identifier: String, of citizenID: String,
    for purpose: VerifyPurpose?, hash: [UInt8], _ stamp: Stamp
  ) throws -> Timestamp {
    let policy = self.machine.policy
    let permit = try self.showable(
      transaction, identifier, within: .holder(citizenID)
    ).permit
    _ = try policy.paperStatus(of: permit, at: stamp.now)
    guard permit.standing.loadedAt != nil else { throw ServiceError(.notLoaded) }
    let lifeMs = Int64(policy.settings.presentationSeconds) * 1_000
    let live = try self.presentations.liveCount(transaction, of: permit.id, at: stamp.now)
    guard live < Presentation.liveMax else {
      throw ServiceError(.overloaded, retryDelayMs: lifeMs)
    }
    let presentation = Presentation(
      permit: permit.id, purpose: purpose, expiresAt: stamp.now.adding(milliseconds: lifeMs))
    try self.presentations.insert(transaction, presentation, hash: hash, at: stamp.now)
    return presentation.expiresAt
  }
}

/// One look: what is asked, and by whom.
struct Look: Hashable, Sendable {
  let query: LookQuery
  /// The verifier's principal.
  let verifier: String
  /// The verifier's office; empty where there is none.
  let office: String

  /// What is kept of it.
  func provision(
    _ answer: LookAnswer, of permit: Permit? = nil, as identifier: String? = nil
  ) -> Provision {
    Provision(
      at: answer.at, verifier: self.verifier, office: self.office, query: self.query,
      permit: permit?.id, certificateIdentifier: identifier ?? permit?.certificateIdentifier,
      reasons: answer.reasons)
  }
}
