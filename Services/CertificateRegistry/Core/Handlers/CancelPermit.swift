import RPC
import Wire

extension RegistryHandlers {
  /// Cancels a permit (注销) for a reason.
  func cancelPermit(
    _ request: RegistryV1.CancelPermitRequest, _ context: CallContext
  ) async throws -> RegistryV1.CancelPermitResponse {
    let claim = PermitClaim(
      certificateIdentifier: request.certificateIdentifier, order: OrderClaim(request.order),
      what: .cancel(CancelReason(request.reason)))
    return try await self.change(
      claim.checked, for: request, key: request.idempotencyKey, context
    ) { permit, _ in
      RegistryV1.CancelPermitResponse(permit: permit)
    }
  }
}
