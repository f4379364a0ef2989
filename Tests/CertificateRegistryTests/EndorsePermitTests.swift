import Crypto
import DomainModel
import PermitProof
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct EndorsePermitTests {
  @Test func `the certificate is made anew, in its next version, and names the one before`()
    async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    registry.clock.set(try .noon("2027-02-15"))
    let request = RegistryV1.EndorsePermitRequest(
      idempotencyKey: "endorse-key-of-person-1",
      certificateIdentifier: permit.certificateIdentifier, order: .sample("2027-02-15"),
      submittedOn: "2027-02-14")
    let answer = try await registry.client.endorsePermit(request, options: .approval)
    let endorsed = try #require(answer.permit)
    #expect(!answer.late)
    #expect(endorsed.validToOn == "2028-03-10")
    #expect(endorsed.permitID == permit.permitID)
    #expect(endorsed.previousCertificateIdentifier == permit.certificateIdentifier)
    let before = try #require(CertificateIdentifier(permit.certificateIdentifier))
    let after = try #require(CertificateIdentifier(endorsed.certificateIdentifier))
    #expect((after.serial, after.version) == (before.serial, 2))
    let document = try PermitDocument(canonicalBytes: endorsed.document)
    #expect(document.naming.previous == before)
    #expect(document.term.validToOn.iso == "2028-03-10")
    #expect(document.holder.name == "阿依·𬎆")
    let key = try SM2PublicKey(pem: registry.signer.publicKeyPEM)
    #expect(try key.verify(endorsed.signature, of: endorsed.document))
    #expect(
      try await registry.client.endorsePermit(request, options: .approval) == answer)
  }

  @Test func `late it is endorsed from the day of the decision, and told as restored`()
    async throws
  {
    let (registry, permit) = try await RegistryFixture.issued()
    registry.clock.set(try .noon("2027-06-01"))
    let endorsed = try await registry.endorse(permit, on: "2027-06-01")
    #expect(endorsed.validToOn == "2028-06-01")
    #expect(endorsed.suspendedDays == 82)
    #expect(try await registry.told().last?.templateID == "permit_restored")
  }

  @Test func `every defect of an order is told at once, and nothing changes`() async throws {
    let (registry, permit) = try await RegistryFixture.issued()
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.endorsePermit(
        .init(
          idempotencyKey: "endorse-key-of-person-1", certificateIdentifier: "1.2",
          order: .init(actor: "", actorOffice: "33", decidedOn: "2030-01-01"),
          submittedOn: "tomorrow", move: .init(changedOn: ""), phone: "1"),
        options: .approval)
    }
    #expect(error?.reason == "REQUEST_INVALID")
    let fields = Set(error?.violations.map(\.field) ?? [])
    #expect(
      fields.isSuperset(of: [
        "certificate_identifier", "order.application_id", "order.case_id", "order.actor",
        "order.actor_office", "order.policy_version", "order.decided_on", "submitted_on",
        "move.changed_on", "phone",
      ]))
    let kept = try await registry.client.getPermit(
      .init(certificateIdentifier: permit.certificateIdentifier), options: .auditor)
    #expect(kept.permit == permit)
  }
}
