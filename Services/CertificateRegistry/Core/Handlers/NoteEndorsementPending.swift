import RPC
import Wire

extension RegistryHandlers {
  /// Notes that an endorsement is applied for, or that the application ended without one: while one
  /// submitted in time is pending the permit is not suspended.
  func noteEndorsementPending(
    _ request: RegistryV1.NoteEndorsementPendingRequest, _ context: CallContext
  ) async throws -> RegistryV1.NoteEndorsementPendingResponse {
    let claim = PendingClaim(
      certificateIdentifier: request.certificateIdentifier,
      applicationID: request.applicationID, actor: try context.requireCaller().principal,
      what: request.what.map(PendingClaim.What.init))
    return try await self.change(
      claim.checked, for: request, key: request.idempotencyKey, context
    ) { permit, _ in
      RegistryV1.NoteEndorsementPendingResponse(permit: permit)
    }
  }
}
