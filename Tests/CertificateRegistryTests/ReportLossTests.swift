import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct ReportLossTests {
  @Test func `it takes effect at once, is told, and is refused of a permit that is lost`()
    async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    var request = RegistryV1.ReportLossRequest(
      idempotencyKey: "loss-key-of-person-1",
      certificateIdentifier: permit.certificateIdentifier, order: .holder("2026-03-10"))
    let lost = try await registry.client.reportLoss(request, options: .intake)
    #expect(lost.permit?.state == .lost)
    #expect(lost.permit?.certificateIdentifier == permit.certificateIdentifier)
    request.idempotencyKey = "loss-key-of-person-1-again"
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.reportLoss(request, options: .intake)
    }
    #expect(error?.reason == "PERMIT_WRONG_STATE")
    #expect(error?.metadata["state"] == "lost")
    #expect(try await registry.told().map(\.templateID) == ["permit_issued", "loss_reported"])
  }
}
