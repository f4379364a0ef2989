import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct ReinstatePermitTests {
  @Test func `a cancellation that falls gives another identifier and the years there were`()
    async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    _ = try await registry.client.cancelPermit(
      .init(
        idempotencyKey: "cancel-key-of-person-1",
        certificateIdentifier: permit.certificateIdentifier,
        order: .sample("2026-03-10", reason: "提供虚假材料"), reason: .fraud),
      options: .approval)
    let again = try await registry.client.reinstatePermit(
      .init(
        idempotencyKey: "reinstate-key-of-person-1",
        certificateIdentifier: permit.certificateIdentifier,
        order: .sample("2026-03-10", reason: "行政复议决定撤销")),
      options: .approval
    ).permit
    let reinstated = try #require(again)
    #expect(reinstated.state == .valid && reinstated.anchorOn == "2026-03-10")
    let old = try #require(CertificateIdentifier(permit.certificateIdentifier))
    let new = try #require(CertificateIdentifier(reinstated.certificateIdentifier))
    #expect(new.serial != old.serial && new.version == 1)
    #expect(reinstated.previousCertificateIdentifier == permit.certificateIdentifier)
  }

  @Test func `of a holder who has another permit by now it is refused with that one`()
    async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    let converted = try await registry.client.convertPermit(
      .sample(1, kind: .existingPermit), options: .approval
    ).permit
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.reinstatePermit(
        .init(
          idempotencyKey: "reinstate-key-of-person-1",
          certificateIdentifier: permit.certificateIdentifier,
          order: .sample("2026-03-10", reason: "行政复议决定撤销")),
        options: .approval)
    }
    #expect(error?.reason == "PERMIT_ALREADY_LIVE")
    #expect(
      error?.metadata["certificate_identifier"] == converted?.certificateIdentifier)
  }
}
