import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct ChangePermitContactTests {
  @Test func `texts go to the new number, and the certificate stays`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    let changed = try await registry.client.changePermitContact(
      .init(
        idempotencyKey: "contact-key-of-person-1",
        certificateIdentifier: permit.certificateIdentifier, order: .holder("2026-03-10"),
        phone: "13900139000"),
      options: .intake
    ).permit
    #expect(changed?.certificateIdentifier == permit.certificateIdentifier)
    _ = try await registry.client.reportLoss(
      .init(
        idempotencyKey: "loss-key-of-person-1",
        certificateIdentifier: permit.certificateIdentifier, order: .holder("2026-03-10")),
      options: .intake)
    #expect(try await registry.told().map(\.phone) == ["13800138000", "13900139000"])
  }
}
