import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct WithdrawLossTests {
  @Test func `it ends the loss; of a permit that is not lost it is refused`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    var request = RegistryV1.WithdrawLossRequest(
      idempotencyKey: "found-key-of-person-1",
      certificateIdentifier: permit.certificateIdentifier, order: .holder("2026-03-10"))
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.withdrawLoss(request, options: .intake)
    }
    #expect(error?.reason == "PERMIT_WRONG_STATE")
    _ = try await registry.client.reportLoss(
      .init(
        idempotencyKey: "loss-key-of-person-1",
        certificateIdentifier: permit.certificateIdentifier, order: .holder("2026-03-10")),
      options: .intake)
    let found = try await registry.client.withdrawLoss(request, options: .intake)
    #expect(found.permit?.state == .valid)
    request.idempotencyKey = "found-key-of-nobody"
    request.certificateIdentifier =
      "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0"
    let unknown = await #expect(throws: ServiceError.self) {
      try await registry.client.withdrawLoss(request, options: .intake)
    }
    #expect(unknown?.reason == "PERMIT_NOT_FOUND")
  }
}
