import RPC
import Wire

extension RegistryHandlers {
  /// Withdraws a loss report (解挂).
  func withdrawLoss(
    _ request: RegistryV1.WithdrawLossRequest, _ context: CallContext
  ) async throws -> RegistryV1.WithdrawLossResponse {
    let claim = PermitClaim(
      certificateIdentifier: request.certificateIdentifier, order: OrderClaim(request.order),
      what: .withdrawLoss)
    return try await self.change(
      claim.checked, for: request, key: request.idempotencyKey, context
    ) { permit, _ in
      RegistryV1.WithdrawLossResponse(permit: permit)
    }
  }
}
