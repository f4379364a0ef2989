import RPC
import Wire

extension RegistryHandlers {
  /// Notes that an endorsement is applied for, or that the application ended without one: while one
  /// submitted in time is pending the permit is not suspended.
  func noteEndorsementPending(
    _ request: RegistryV1.NoteEndorsementPendingRequest, _ context: CallContext
  ) async throws -> RegistryV1.NoteEndorsementPendingResponse {
    let caller = try context.requireCaller()
    let day: String
    let what: PermitClaim.What
    switch request.what {
    case .ended(let end):
      day = end.endedOn
      what = .endPending(PendingOutcome(end.outcome))
    case .submittedOn(let submittedOn):
      day = submittedOn
      what = .notePending
    case nil:
      day = ""
      what = .notePending
    }
    let claim = PermitClaim(
      certificateIdentifier: request.certificateIdentifier,
      order: OrderClaim(
        applicationID: request.applicationID, actor: caller.principal, decidedOn: day),
      what: what)
    return try await self.change(
      claim, for: request, key: request.idempotencyKey, context
    ) { permit, _ in
      RegistryV1.NoteEndorsementPendingResponse(permit: permit)
    }
  }
}
