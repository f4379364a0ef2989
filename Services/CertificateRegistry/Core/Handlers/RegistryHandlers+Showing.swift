import DomainModel
import PermitProof
import RPC
import ServiceCore

extension RegistryHandlers {
  /// How far the clock of whoever checks faces may be ahead of ours, in milliseconds; as that of
  /// whoever makes tokens.
  static let faceClockSkewMs: Int64 = 60_000

  /// What the caller reaches of that of which papers are made.
  func showingReach(of context: CallContext) throws -> ShowingReach {
    guard context.reach == .ownAndWards else { return .office(try self.reach(of: context)) }
    return .holder(try self.holder(of: context))
  }

  /// The citizen number of a caller who shows what is his own. Throws `CALLER_NOT_ALLOWED` where
  /// somebody else than a guardian acts for him: a permit is shown by its holder.
  func holder(of context: CallContext) throws -> String {
    let caller = try context.requireCaller()
    let capacity = caller.login?.act?.capacity
    guard let citizenID = caller.citizenID, capacity == nil || capacity == .guardian else {
      throw ServiceError(.callerNotAllowed)
    }
    return citizenID
  }

  /// Whether the caller's face was checked within the policy's minutes, else `FACE_CHECK_NEEDED`
  /// (浙公办〔2022〕11号: showing needs face recognition). It is told after what is not his is hidden.
  func faceCheck(of context: CallContext) -> Result<Void, ServiceError> {
    let minutes = self.policy.settings.faceCheckMinutes
    let now = self.time.now()
    let first = now.adding(milliseconds: -Int64(minutes) * 60_000)
    let last = now.adding(milliseconds: Self.faceClockSkewMs)
    guard let checkedAt = context.caller?.login?.faceCheckedAt, first <= checkedAt,
      checkedAt <= last
    else {
      return .failure(
        ServiceError(.faceCheckNeeded, metadata: ["within_minutes": String(minutes)]))
    }
    return .success(())
  }

  /// The signed text of a QR code for a paper.
  func codeText(
    _ kind: OfflineCode.Kind, of document: PermitDocument, _ status: PaperPermit.Status,
    at now: Timestamp, until expiresAt: Timestamp
  ) async throws -> String {
    let face = OfflineCode.Face(
      document.naming.identifier, name: document.holder.name,
      bureauCode: document.signing.authority.officeCode, issuedOn: document.term.issuedOn,
      validToOn: document.term.validToOn)
    guard let face = face.flatMap({ Self.face($0, as: status) }),
      let code = OfflineCode(
        kind, face, madeAt: now, expiresAt: expiresAt, keyID: self.signer.keyID)
    else { throw UnusableData("no code can be made of \(document)") }
    let signature = try await self.signer.sign(code.signedBytes)
    return SignedCode(code, signature: signature).text
  }

  private static func face(
    _ face: OfflineCode.Face, as status: PaperPermit.Status
  ) -> OfflineCode.Face? {
    guard case .suspended(let since) = status else { return face }
    return face.suspended(from: since)
  }
}
