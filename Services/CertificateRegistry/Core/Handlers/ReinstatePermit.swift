import RPC
import Wire

extension RegistryHandlers {
  /// Lets a cancellation fall, after review or judgment: another identifier, the years it had.
  func reinstatePermit(
    _ request: RegistryV1.ReinstatePermitRequest, _ context: CallContext
  ) async throws -> RegistryV1.ReinstatePermitResponse {
    let claim = PermitClaim(
      certificateIdentifier: request.certificateIdentifier, order: OrderClaim(request.order),
      what: .reinstate)
    return try await self.change(
      claim.checked, for: request, key: request.idempotencyKey, context
    ) { permit, _ in
      RegistryV1.ReinstatePermitResponse(permit: permit)
    }
  }
}
