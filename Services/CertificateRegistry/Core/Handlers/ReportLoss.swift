import RPC
import Wire

extension RegistryHandlers {
  /// Reports a permit lost (挂失): it takes effect at once.
  func reportLoss(
    _ request: RegistryV1.ReportLossRequest, _ context: CallContext
  ) async throws -> RegistryV1.ReportLossResponse {
    let claim = PermitClaim(
      certificateIdentifier: request.certificateIdentifier, order: OrderClaim(request.order),
      what: .reportLoss)
    return try await self.change(
      claim.checked, for: request, key: request.idempotencyKey, context
    ) { permit, _ in
      RegistryV1.ReportLossResponse(permit: permit)
    }
  }
}
