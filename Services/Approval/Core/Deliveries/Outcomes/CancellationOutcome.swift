import DomainModel
import Storage
import Wire

extension DecidedCase {
  /// 注销: at the holder's own request.
  func cancellation() throws -> OutboxMessage {
    let key = self.key("cancel")
    let request = RegistryV1.CancelPermitRequest(
      idempotencyKey: key, certificateIdentifier: self.certificateIdentifier, order: self.order,
      reason: .ownRequest)
    return try self.message(request, Methods.cancelPermit, key: key)
  }
}
