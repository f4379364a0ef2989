import DomainModel
import PermitProof
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct GetInclusionProofTests {
  typealias Request = RegistryV1.GetInclusionProofRequest

  /// What a caller is refused with.
  private static func refusal(
    _ registry: RegistryFixture, _ leaf: Request.Leaf?, size: Int64 = 0,
    _ options: CallOptions = .auditor
  ) async -> ServiceError? {
    await #expect(throws: ServiceError.self) {
      try await registry.client.getInclusionProof(
        Request(leaf: leaf, treeSize: size), options: options)
    }
  }

  @Test(arguments: TestEngine.all)
  func `every leaf is proved against every head that covers it`(
    _ engine: TestEngine
  ) async throws {
    try await RegistryFixture.with([1, 2, 4], engine) { registry in
      for size: Int64 in [1, 3, 7, 0] {
        for index in 0..<(size == 0 ? 7 : size) {
          let proof = try await registry.client.getInclusionProof(
            Request(leaf: .leafIndex(index), treeSize: size), options: .auditor)
          let head = try TreeHead(canonicalBytes: try #require(proof.head).head)
          #expect(proof.leafIndex == index && (size == 0 || head.size == Int(size)))
          let path = InclusionPath(
            index: Int(index), size: head.size, hashes: proof.path.compactMap { TreeHash($0) })
          try path.verify(try #require(TreeHash(proof.leafHash)), root: head.root)
          let file = try InclusionProof(canonicalBytes: proof.proof)
          try file.verify(against: head)
          #expect(file.record.canonicalBytes == proof.record && file.salt.bytes == proof.salt)
        }
      }
    }
  }

  @Test(arguments: TestEngine.all)
  func `an entry is found by its leaf, its certificate, what made that, and its change`(
    _ engine: TestEngine
  ) async throws {
    try await RegistryFixture.with([2], engine) { registry in
      let found = try await registry.client.findPermits(
        .init(key: .citizenID(CitizenIDs.woman(1))), options: .auditor)
      let permit = try #require(found.permits.first)
      registry.clock.set(try .noon("2027-02-15"))
      let endorsed = try await registry.endorse(permit, on: "2027-02-15")
      _ = try await registry.client.reportLoss(
        .init(
          idempotencyKey: "loss-key-of-person-1",
          certificateIdentifier: endorsed.certificateIdentifier, order: .holder("2027-02-15")),
        options: .intake)
      #expect(try await registry.assembly.sequenceOnce() == 2)
      for (leaf, index, action) in [
        (Request.Leaf.certificateIdentifier(permit.certificateIdentifier), 0, "issue_permit"),
        (.madeCertificateIdentifier(permit.certificateIdentifier), 0, "issue_permit"),
        (.certificateIdentifier(endorsed.certificateIdentifier), 3, "report_loss"),
        (.madeCertificateIdentifier(endorsed.certificateIdentifier), 2, "endorse_permit"),
        (.entry(.init(entityID: permit.permitID, version: 2)), 2, "endorse_permit"),
        (.leafIndex(3), 3, "report_loss"),
      ] {
        let proof = try await registry.client.getInclusionProof(
          Request(leaf: leaf), options: .auditor)
        #expect(proof.leafIndex == index)
        let file = try InclusionProof(canonicalBytes: proof.proof)
        #expect(file.record.action == action)
        if action == "endorse_permit" {
          let digest = RecordDigest.document(endorsed.document, salt: file.salt)
          #expect(file.record.digests.document == digest)
        }
      }
    }
  }

  @Test func `the salt goes to those who may know what the leaf stands for`() async throws {
    try await RegistryFixture.with([1], .sqlite) { registry in
      let found = try await registry.client.findPermits(
        .init(key: .citizenID(CitizenIDs.woman(1))), options: .auditor)
      let permit = try #require(found.permits.first)
      let newest = Request.Leaf.certificateIdentifier(permit.certificateIdentifier)
      let made = Request.Leaf.madeCertificateIdentifier(permit.certificateIdentifier)
      let entry = Request.Leaf.entry(.init(entityID: permit.permitID, version: 1))
      for (options, leaf, opens) in [
        (CallOptions.auditor, newest, true), (.auditor, made, true), (.auditor, entry, true),
        (.auditor, .leafIndex(0), true), (.officer, newest, true), (.officer, made, true),
        (.officer, entry, false), (.officer, .leafIndex(0), false),
        (.integrator, made, true), (.integrator, newest, false), (.integrator, entry, false),
        (.integrator, .leafIndex(0), false), (.applicant, made, true), (.applicant, newest, false),
      ] {
        let proof = try await registry.client.getInclusionProof(
          Request(leaf: leaf), options: options)
        #expect(proof.leafHash.count == 32 && proof.head != nil)
        #expect(proof.salt.isEmpty == !opens)
        #expect(proof.record.isEmpty == !opens && proof.proof.isEmpty == !opens)
      }
      for leaf in [newest, made] {
        let error = await Self.refusal(registry, leaf, .stranger)
        #expect(error?.reason == "OFFICER_WRONG_OFFICE")
      }
    }
  }

  @Test func `an entry without a leaf is to be asked for again`() async throws {
    try await RegistryFixture.with([1], .sqlite) { registry in
      let permit = try #require(try await registry.issue(2))
      let leaf = Request.Leaf.certificateIdentifier(permit.certificateIdentifier)
      let error = await Self.refusal(registry, leaf)
      #expect(error?.reason == "LOG_ENTRY_SEQUENCING" && error?.retryDelayMs != nil)
      #expect(try await registry.assembly.sequenceOnce() == 1)
      let proof = try await registry.client.getInclusionProof(
        Request(leaf: leaf), options: .auditor)
      #expect(proof.leafIndex == 1)
      let early = await Self.refusal(registry, leaf, size: 1)
      #expect(early?.reason == "LEAF_BEYOND_TREE" && early?.metadata["leaf_index"] == "1")
    }
  }

  @Test func `what is not there or no number is told`() async throws {
    try await RegistryFixture.with([2], .sqlite) { registry in
      let nobody = "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0"
      for leaf: Request.Leaf in [
        .leafIndex(2), .leafIndex(1 << 40), .certificateIdentifier(nobody),
        .madeCertificateIdentifier(nobody), .entry(.init(entityID: "nobody", version: 1)),
      ] {
        #expect(await Self.refusal(registry, leaf)?.reason == "LOG_ENTRY_NOT_FOUND")
      }
      for (leaf, size, field) in [
        (Request.Leaf.leafIndex(-1), Int64(0), "leaf_index"), (.leafIndex(0), -1, "tree_size"),
        (.entry(.init(entityID: "one", version: 0)), 0, "entry.version"), (nil, 0, "leaf"),
        (.certificateIdentifier("1"), 0, "certificate_identifier"),
        (.madeCertificateIdentifier(""), 0, "made_certificate_identifier"),
      ] as [(Request.Leaf?, Int64, String)] {
        let error = await Self.refusal(registry, leaf, size: size)
        #expect(error?.violations.map(\.field) == [field])
      }
      #expect(
        await Self.refusal(registry, .leafIndex(0), size: 3)?.reason == "TREE_SIZE_BEYOND_LOG")
    }
  }
}
