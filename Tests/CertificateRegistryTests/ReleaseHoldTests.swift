import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct ReleaseHoldTests {
  @Test func `the hold ends by the number of its order and by no other`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    try await registry.hold(permit)
    var request = RegistryV1.ReleaseHoldRequest(
      idempotencyKey: "release-key-of-person-1",
      certificateIdentifier: permit.certificateIdentifier,
      order: .sample("2026-03-10", reason: "保全解除"), documentNumber: "another number")
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.releaseHold(request, options: .approval)
    }
    #expect(error?.reason == "HOLD_UNKNOWN")
    request.documentNumber = RegistryFixture.holdNumber
    let released = try await registry.client.releaseHold(request, options: .approval).permit
    #expect(released?.holdNumbers == [])
  }
}
