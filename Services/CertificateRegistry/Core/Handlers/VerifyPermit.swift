import Crypto
import DomainModel
import PermitProof
import RPC
import ServiceCore
import Storage
import Wire

extension RegistryHandlers {
  /// Whether what somebody shows is a permit in force, told with no more of it than the purpose
  /// needs. Every look is kept before it is answered, also one that found nothing.
  func verifyPermit(
    _ request: RegistryV1.VerifyPermitRequest, _ context: CallContext
  ) async throws -> RegistryV1.VerifyPermitResponse {
    let caller = try context.requireCaller()
    let query = try LookClaim(request).checked(on: self.today, self.policy.divisions)
    guard !query.purpose.needsStanding || caller.kind == .officer else {
      throw ServiceError(.callerNotAllowed)
    }
    let look = Look(query: query, verifier: caller.principal, office: caller.office ?? "")
    do {
      switch query.subject {
      case .presentation(let text):
        return try await self.redeem(PresentationCode(text: text), look, request, context)
      case .certificate(let identifier):
        try self.lookups.check(look.verifier, at: self.time.now())
        return .init(try await self.look(look, at: identifier))
      case .offlineCode(let text):
        let code = try await self.genuine { try $0.code(text) }
        let isOver = self.time.now() >= code.expiresAt
        return .init(
          try await self.look(
            look, at: code.face.identifier.text, flaws: isOver ? [.codeExpired] : []))
      case .document(let bytes, let signature):
        let document = try await self.genuine { try $0.document(bytes, signature: signature) }
        return .init(try await self.look(look, at: document.naming.identifier.text))
      }
    } catch let refused as LookRefused {
      return .init(try await self.keep(look, LookAnswer([refused.reason], at: self.time.now())))
    }
  }

  /// Looks a certificate up, and keeps that.
  private func look(
    _ look: Look, at identifier: String, flaws: [LookReason] = []
  ) async throws -> LookAnswer {
    let (store, now) = (self.store, self.time.now())
    let shown = try await store.read { try store.shown($0, identifier: identifier) }
    guard let shown else {
      if case .certificate = look.query.subject { self.lookups.note(look.verifier, at: now) }
      let answer = LookAnswer(flaws + [.permitUnknown], at: now)
      return try await self.keep(look, answer, as: identifier)
    }
    let answer = self.policy.answer(look.query, of: shown, flaws: flaws, at: now)
    return try await self.keep(look, answer, of: shown.permit, as: identifier)
  }

  private func keep(
    _ look: Look, _ answer: LookAnswer, of permit: Permit? = nil, as identifier: String? = nil
  ) async throws -> LookAnswer {
    let provisions = self.store.provisions
    let provision = look.provision(answer, of: permit, as: identifier)
    try await self.parts.store.write { try provisions.record($0, provision) }
    return answer
  }

  /// Redeems a holder's code: once, by the verifier who is first.
  private func redeem(
    _ code: PresentationCode, _ look: Look, _ request: RegistryV1.VerifyPermitRequest,
    _ context: CallContext
  ) async throws -> RegistryV1.VerifyPermitResponse {
    let hash = try code.hash
    let answer: RegistryV1.VerifyPermitResponse = try await self.once.answer(
      request, key: request.idempotencyKey, context
    ) { call in
      try self.lookups.check(look.verifier, at: call.now)
      return try await call.commit { transaction, stamp in
        RegistryV1.VerifyPermitResponse(
          try self.store.redeem(transaction, hash: hash, look, at: stamp.now))
      }
    }
    if answer.reasonCodes == [LookReason.presentationUnknown.rawValue] {
      self.lookups.note(look.verifier, at: self.time.now())
    }
    return answer
  }

  /// What `check` finds genuine by the keys that permits were signed with. Throws `LookRefused`.
  private func genuine<Value: Sendable>(
    _ check: @escaping @Sendable (Verifier) throws -> Value
  ) async throws -> Value {
    let keys = try await self.store.signingKeys()
    return try await self.effects.checks.run {
      // A key that cannot be read leaves the others good.
      let trusted = keys.compactMap { key in
        (try? SM2PublicKey(pem: key.pem)).flatMap { TrustedKey(id: key.id, key: $0) }
      }
      do {
        guard let ring = SigningKeyRing(trusted) else { throw ProofReason.keyUnknown }
        return try check(Verifier(trusting: ring))
      } catch let reason as ProofReason {
        throw LookRefused(LookReason(rawValue: reason.rawValue))
      }
    }
  }
}
