import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct PlaceHoldTests {
  @Test func `a held permit is neither endorsed nor cancelled, and can be reported lost`()
    async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    try await registry.hold(permit)
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.cancelPermit(
        .init(
          idempotencyKey: "cancel-key-of-person-1",
          certificateIdentifier: permit.certificateIdentifier, order: .sample("2026-03-10"),
          reason: .ownRequest),
        options: .approval)
    }
    #expect(error?.reason == "PERMIT_HELD")
    let lost = try await registry.client.reportLoss(
      .init(
        idempotencyKey: "loss-key-of-person-1",
        certificateIdentifier: permit.certificateIdentifier, order: .holder("2026-03-10")),
      options: .intake)
    #expect(lost.permit?.holdNumbers == [RegistryFixture.holdNumber])
  }
}
