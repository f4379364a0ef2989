import DomainModel
import RPC
import ServiceCore
import Wire

extension RegistryHandlers {
  /// Converts (互认转换): issues a permit of another unit and cancels the earlier one, where there
  /// is one, in one transaction.
  func convertPermit(
    _ request: RegistryV1.ConvertPermitRequest, _ context: CallContext
  ) async throws -> RegistryV1.ConvertPermitResponse {
    try await self.answerOnce(request, key: request.idempotencyKey, context) { call in
      let command = try IssueClaim(request).checked(on: CivilDate(of: call.now), self.policy)
      return try await self.issue(command, call) { permit, cancelled in
        RegistryV1.ConvertPermitResponse(
          permit: permit, cancelledCertificateIdentifier: cancelled ?? "")
      }
    }
  }
}
