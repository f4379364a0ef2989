import DomainModel
import RPC
import ServiceCore
import Wire

extension NotificationHandlers {
  /// Sends a code to a number, by which the caller proves that it is at hand.
  func sendPhoneCode(
    _ request: NotificationV1.SendPhoneCodeRequest, _ context: CallContext
  ) async throws -> NotificationV1.SendPhoneCodeResponse {
    try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let phone = try Self.checkedPhone(request.phone)
      let code = PhoneCode(at: call.now, random: call.stamp.newNumber())
      let claim = MessageClaim(
        templateID: "phone_code",
        values: [
          .init(name: "code", value: code.text),
          .init(name: "minutes", value: String(PhoneCode.minutes)),
        ], phone: phone.text, reference: "phone_code", notAfterMs: code.validTo.milliseconds)
      let message = try claim.checked(self.templates, now: call.now)
      return try await call.commit { transaction, stamp in
        try self.store.keep(transaction, code, for: phone, stamp)
        _ = try self.store.enqueue(transaction, message, key: request.idempotencyKey, stamp)
        return NotificationV1.SendPhoneCodeResponse(validToMs: code.validTo.milliseconds)
      }
    }
  }
}

extension Stamp {
  /// Any number.
  fileprivate func newNumber() -> UInt64 {
    self.newBytes(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
