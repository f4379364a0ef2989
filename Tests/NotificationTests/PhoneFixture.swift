import DomainModel
import NotificationGateways
import RPC
import TestSupport
import Wire

@testable import NotificationCore

extension NotificationFixture {
  static let ownPhone = "13600136000"

  /// Has a code sent, and returns it as the handset shows it.
  func sendCode(
    to phone: String = ownPhone, for caller: CallOptions = .applicant
  ) async throws -> String {
    _ = try await self.client.sendPhoneCode(
      .init(idempotencyKey: "send-code-\(self.random.next())", phone: phone), options: caller)
    _ = try await self.assembly.deliverOnce()
    let text = self.gateway.handed.last?.text ?? ""
    return String(text.drop { !$0.isNumber }.prefix { $0.isNumber })
  }

  func prove(
    _ code: String, of phone: String = ownPhone, for caller: CallOptions = .applicant
  ) async throws {
    _ = try await self.client.provePhone(
      .init(idempotencyKey: "prove-\(self.random.next())-key", phone: phone, code: code),
      options: caller)
  }

  /// Proves a number, whatever its limits: an hour passes before.
  func proved(_ phone: String = ownPhone, for caller: CallOptions = .applicant) async throws {
    self.clock.advance(milliseconds: 3_600_000)
    try await self.prove(try await self.sendCode(to: phone, for: caller), of: phone, for: caller)
  }

  func setPreferences(
    _ preferences: NotificationV1.Preferences, of phone: String = ownPhone,
    by caller: CallOptions = .applicant
  ) async throws -> NotificationV1.Preferences? {
    try await self.client.setPreferences(
      .init(
        idempotencyKey: "preferences-\(self.random.next())", phone: phone,
        preferences: preferences), options: caller
    ).preferences
  }
}
