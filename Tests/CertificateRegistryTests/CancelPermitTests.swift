import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct CancelPermitTests {
  @Test func `it ends the permit, says why, and makes room for another one`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    let cancelled = try await registry.client.cancelPermit(
      .init(
        idempotencyKey: "cancel-key-of-person-1",
        certificateIdentifier: permit.certificateIdentifier, order: .sample("2026-03-10"),
        reason: .ownRequest),
      options: .approval
    ).permit
    #expect(cancelled?.state == .cancelled)
    #expect(cancelled?.cancelReason == .ownRequest)
    #expect(cancelled?.cancelledAtMs == registry.clock.now().milliseconds)
    var second = RegistryV1.IssuePermitRequest.sample(1)
    second.idempotencyKey = "issue-key-of-person-1-again"
    second.caseID = "case-1-again"
    let again = try await registry.client.issuePermit(second, options: .approval).permit
    #expect(again?.state == .valid && again?.permitID != permit.permitID)
  }

  @Test(arguments: [RegistryV1.CancelReason.converted, .death, .localHukou, .unspecified])
  func `what cancels in a call of its own is refused here`(
    _ reason: RegistryV1.CancelReason
  ) async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.cancelPermit(
        .init(
          idempotencyKey: "cancel-key-of-person-1",
          certificateIdentifier: permit.certificateIdentifier,
          order: .sample("2026-03-10", reason: "why"), reason: reason),
        options: .approval)
    }
    #expect(error?.violations.map(\.field) == ["reason"])
  }

  @Test func `against the holder it asks for the reason in words`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.cancelPermit(
        .init(
          idempotencyKey: "cancel-key-of-person-1",
          certificateIdentifier: permit.certificateIdentifier, order: .sample("2026-03-10"),
          reason: .fraud),
        options: .approval)
    }
    #expect(error?.violations.map(\.field) == ["order.reason"])
  }
}
