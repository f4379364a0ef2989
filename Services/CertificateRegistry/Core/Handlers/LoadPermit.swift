import DomainModel
import RPC
import ServiceCore
import Wire

extension RegistryHandlers {
  /// Takes the caller's own permit into 我的证照, after a face check. It is noted once; whoever loads
  /// it again, on another device, gets it again.
  func loadPermit(
    _ request: RegistryV1.LoadPermitRequest, _ context: CallContext
  ) async throws -> RegistryV1.LoadPermitResponse {
    let citizenID = try self.holder(of: context)
    let faceCheck = self.faceCheck(of: context)
    return try await self.answerOnce(request, key: request.idempotencyKey, context) { call in
      try request.certificateIdentifier.checkOwnIdentifier()
      return try await call.commit { transaction, stamp in
        let loaded = try self.store.load(
          transaction, request.certificateIdentifier, of: citizenID, stamp)
        try faceCheck.get()
        return RegistryV1.LoadPermitResponse(
          permit: RegistryV1.Permit(loaded.permit, loaded.signed, at: stamp.now, by: self.policy),
          publicKeyPem: loaded.publicKeyPEM)
      }
    }
  }
}

extension String {
  /// Throws `REQUEST_INVALID` where it is neither a certificate's identifier nor empty.
  func checkOwnIdentifier() throws {
    var defects = DefectList()
    if !self.isEmpty { defects.checkIdentifier(self, at: "certificate_identifier") }
    try defects.throwIfAny(.requestInvalid)
  }
}
