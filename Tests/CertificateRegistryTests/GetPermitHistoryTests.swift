import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct GetPermitHistoryTests {
  @Test func `a history says who did what, and how the permit stood`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    try await registry.hold(permit)
    let history = try await registry.client.getPermitHistory(
      .init(certificateIdentifier: permit.certificateIdentifier), options: .officer)
    #expect(history.events.map(\.action) == ["issue_permit", "place_hold"])
    #expect(history.events.map(\.state) == [.valid, .valid])
    #expect(history.events.last?.actor == "officer:approver-1")
    #expect(history.events.last?.detail.contains("民事诉讼保全") == true)
    let hidden = await #expect(throws: ServiceError.self) {
      try await registry.client.getPermitHistory(
        .init(certificateIdentifier: permit.certificateIdentifier), options: .stranger)
    }
    #expect(hidden?.reason == "OFFICER_WRONG_OFFICE")
  }

  @Test func `an earlier certificate still finds its permit, and shows what it was`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    registry.clock.set(try .noon("2027-02-15"))
    let endorsed = try await registry.endorse(permit, on: "2027-02-15")
    var request = RegistryV1.GetPermitRequest(
      certificateIdentifier: permit.certificateIdentifier)
    let now = try await registry.client.getPermit(request, options: .auditor)
    #expect(now.permit?.certificateIdentifier == endorsed.certificateIdentifier)
    request.asOfMs = permit.issuedAtMs
    let then = try await registry.client.getPermit(request, options: .auditor)
    #expect(then.permit == permit)
  }
}
