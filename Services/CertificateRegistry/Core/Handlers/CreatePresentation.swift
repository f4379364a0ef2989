import Crypto
import DomainModel
import RPC
import ServiceCore
import Wire

extension RegistryHandlers {
  /// A code by which one verifier may look at the caller's permit once, within a minute (亮证).
  ///
  /// What is kept as the answer holds the code's nonce in its place: see `PresentationCode`.
  func createPresentation(
    _ request: RegistryV1.CreatePresentationRequest, _ context: CallContext
  ) async throws -> RegistryV1.CreatePresentationResponse {
    let citizenID = try self.holder(of: context)
    let faceCheck = self.faceCheck(of: context)
    let index = self.effects.blindIndex
    var answer: RegistryV1.CreatePresentationResponse = try await self.once.answer(
      request, key: request.idempotencyKey, context
    ) { call in
      try request.certificateIdentifier.checkOwnIdentifier()
      let nonce = self.parts.random.bytes(PresentationCode.byteCount)
      let hash = try PresentationCode(nonce: nonce, index).hash
      return try await call.commit { transaction, stamp in
        let expiresAt = try self.store.present(
          transaction, request.certificateIdentifier, of: citizenID,
          for: VerifyPurpose(request.purpose), hash: hash, stamp)
        try faceCheck.get()
        return RegistryV1.CreatePresentationResponse(
          code: Hex.encode(nonce), expiresAtMs: expiresAt.milliseconds)
      }
    }
    guard let nonce = Hex.decode(answer.code) else {
      throw UnusableData("a kept answer has no nonce of a presentation")
    }
    answer.code = try PresentationCode(nonce: nonce, index).text
    return answer
  }
}
