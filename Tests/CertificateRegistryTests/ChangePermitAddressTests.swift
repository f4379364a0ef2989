import DomainModel
import PermitProof
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct ChangePermitAddressTests {
  @Test func `a move inside the unit is on the next certificate; one outside is a conversion`()
    async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    var request = RegistryV1.ChangePermitAddressRequest(
      idempotencyKey: "move-key-of-person-1",
      certificateIdentifier: permit.certificateIdentifier, order: .sample("2026-03-10"),
      move: .init(residence: .westLake, changedOn: "2026-02-01"))
    request.move?.residence?.divisionCode = "331123"
    request.move?.residence?.street = "妙高街道"
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.changePermitAddress(request, options: .approval)
    }
    #expect(error?.reason == "PERMIT_MUST_CONVERT")
    request.move?.residence?.divisionCode = "330102"
    request.move?.residence?.street = "清波街道"
    let answer = try await registry.client.changePermitAddress(request, options: .approval)
    #expect(answer.late)
    #expect(answer.permit?.divisionCode == "330102")
    let document = try PermitDocument(canonicalBytes: answer.permit?.document ?? [])
    #expect(document.residence.street == "清波街道")
    #expect(document.naming.identifier.version == 2)
  }
}
