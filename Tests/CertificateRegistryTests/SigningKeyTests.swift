import DomainModel
import PermitProof
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct SigningKeyTests {
  private static func issue(
    _ registry: RegistryFixture, _ person: Int
  ) async throws -> RegistryV1.Permit {
    try #require(try await registry.issue(person))
  }

  @Test func `a key that the one before named takes its place, and both verify`() async throws {
    let (before, old) = try await RegistryFixture.issued()
    let middle = try DirectSigner(after: before.signer)
    let after = try await RegistryFixture(
      again: before, signer: DirectSigner(after: middle), over: before.store)
    before.clock.advance(milliseconds: 1_000)
    let new = try await Self.issue(after, 2)
    #expect(new.keyID == after.signer.keyID && old.keyID == before.signer.keyID)
    for permit in [old, new] {
      let found = try await after.client.getPermit(
        .init(certificateIdentifier: permit.certificateIdentifier), options: .auditor)
      let signer = permit.permitID == old.permitID ? before.signer : after.signer
      #expect(found.publicKeyPem == signer.publicKeyPEM)
    }
    // A process that was not started anew signs nothing more.
    let error = await #expect(throws: ServiceError.self) { try await Self.issue(before, 3) }
    #expect(error?.reason == "ISSUING_STOPPED" && error?.code == .unavailable)
    #expect(error?.metadata["key_in_use"] == after.signer.keyID)
    #expect(try await Self.issue(after, 3).keyID == after.signer.keyID)
  }

  @Test func `a key that nobody named signs nothing, and what is there stays verifiable`()
    async throws
  {
    let (before, old) = try await RegistryFixture.issued()
    for signer in [try DirectSigner(), try DirectSigner(after: DirectSigner())] {
      let wrong = try await RegistryFixture(again: before, signer: signer, over: before.store)
      let error = await #expect(throws: ServiceError.self) { try await Self.issue(wrong, 2) }
      #expect(error?.reason == "ISSUING_STOPPED")
      #expect(error?.metadata["key_id"] == signer.keyID)
      let found = try await wrong.client.getPermit(
        .init(certificateIdentifier: old.certificateIdentifier), options: .auditor)
      #expect(found.permit == old)
    }
    #expect(try await Self.issue(before, 2).keyID == before.signer.keyID)
  }

  @Test func `a lost permit that another key restores is not dated before that key`() async throws {
    let before = try await RegistryFixture()
    let lost = try await Self.issue(before, 1)
    let backup = try await RegistryFixture(again: before)
    _ = try await Self.issue(backup, 2)
    before.clock.advance(milliseconds: 3_600_000)
    let after = try await RegistryFixture(
      again: before, signer: DirectSigner(after: before.signer), over: backup.store)
    let order = RegistryV1.IssuePermitRequest.sample(1).changed {
      $0.certificateIdentifier = lost.certificateIdentifier
      $0.issuedAtMs = lost.issuedAtMs
    }
    let answer = try await after.client.issuePermit(order, options: .approval)
    let permit = try #require(answer.permit)
    #expect(permit.issuedAtMs == lost.issuedAtMs)
    let document = try PermitDocument(canonicalBytes: permit.document)
    #expect(document.signing.at == before.clock.now())
  }
}
