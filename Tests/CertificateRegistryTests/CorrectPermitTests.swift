import DomainModel
import PermitProof
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct CorrectPermitTests {
  private static func request(_ permit: RegistryV1.Permit) -> RegistryV1.CorrectPermitRequest {
    RegistryV1.CorrectPermitRequest(
      idempotencyKey: "correct-key-of-person-1",
      certificateIdentifier: permit.certificateIdentifier, order: .sample("2026-03-10"),
      holder: .sample(1), photoSha256: [UInt8](repeating: 0xB6, count: 32),
      proofSha256: [UInt8](repeating: 0xC7, count: 32))
  }

  @Test func `what was wrong is right on the next certificate, and the proof is in the history`()
    async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    var request = Self.request(permit)
    request.holder?.name = "阿依古丽"
    let corrected = try await registry.client.correctPermit(request, options: .approval).permit
    let document = try PermitDocument(canonicalBytes: corrected?.document ?? [])
    #expect(document.holder.name == "阿依古丽")
    #expect(document.holder.photoSHA256 == request.photoSha256)
    let history = try await registry.client.getPermitHistory(
      .init(certificateIdentifier: permit.certificateIdentifier), options: .auditor)
    #expect(history.events.last?.detail.contains("proof c7c7") == true)
  }

  @Test func `another citizen number is no correction`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    var request = Self.request(permit)
    request.holder = .sample(2)
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.correctPermit(request, options: .approval)
    }
    #expect(error?.violations.map(\.field) == ["holder.citizen_id"])
  }
}
