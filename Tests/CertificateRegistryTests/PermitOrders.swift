import DomainModel
import RPC
import TestSupport
import Wire

@testable import CertificateRegistryCore

extension RegistryFixture {
  /// A registry whose first person holds a permit of 2026-03-10, and the permit.
  static func issued() async throws -> (RegistryFixture, RegistryV1.Permit) {
    let registry = try await RegistryFixture()
    registry.clock.set(try .noon("2026-03-10"))
    guard let permit = try await registry.issue(1) else { throw ServiceError(.permitNotFound) }
    return (registry, permit)
  }
}

extension Timestamp {
  /// Noon of a day in Asia/Shanghai.
  static func noon(_ day: String) throws -> Timestamp {
    guard let date = CivilDate(iso: day) else { throw ServiceError(.requestInvalid) }
    return date.startOfDay.adding(milliseconds: 12 * 3_600_000)
  }
}

extension RegistryV1.Order {
  /// An officer's, in a case of its own.
  static func sample(_ day: String, reason: String = "") -> Self {
    Self(
      applicationID: "application-2", caseID: "case-2", actor: "officer:approver-1",
      actorOffice: "330106000000", decidedOn: day, policyVersion: "zhejiang-1", reason: reason)
  }

  /// The holder's own.
  static func holder(_ day: String) -> Self {
    Self(actor: "applicant:a", decidedOn: day, policyVersion: "zhejiang-1")
  }
}

extension RegistryV1.ConvertPermitRequest {
  /// Of somebody who has moved to Suichang.
  static func sample(_ person: Int, kind: RegistryV1.ConversionKind) -> Self {
    Self(
      idempotencyKey: "convert-key-of-person-\(person)", order: .sample("2026-03-10"), kind: kind,
      holder: .sample(person),
      residence: ModelV1.Address(
        divisionCode: "331123", street: "妙高街道", community: "", detail: "北街1号"),
      phone: "13800138000", photoSha256: [UInt8](repeating: 0xA5, count: 32),
      bureauCode: "331123000000")
  }
}

extension RegistryFixture {
  /// Endorses a permit on an application of the same day.
  func endorse(_ permit: RegistryV1.Permit, on day: String) async throws -> RegistryV1.Permit {
    let answer = try await self.client.endorsePermit(
      .init(
        idempotencyKey: "endorse-\(permit.permitID)",
        certificateIdentifier: permit.certificateIdentifier, order: .sample(day),
        submittedOn: day),
      options: .approval)
    guard let permit = answer.permit else { throw ServiceError(.permitNotFound) }
    return permit
  }

  /// The number of the court's order that `hold` rests on.
  static let holdNumber = "(2026)浙0106民初1号"

  /// Has a court's order hold a permit.
  func hold(_ permit: RegistryV1.Permit) async throws {
    _ = try await self.client.placeHold(
      .init(
        idempotencyKey: "hold-key-of-person-1",
        certificateIdentifier: permit.certificateIdentifier,
        order: .sample("2026-03-10", reason: "民事诉讼保全"), documentNumber: Self.holdNumber),
      options: .approval)
  }

  /// What the notification service is owed and gets, in order.
  func told() async throws -> [NotificationV1.EnqueueMessageRequest] {
    while try await self.assembly.deliverOnce() > 0 {}
    return self.notification.requests
  }
}
