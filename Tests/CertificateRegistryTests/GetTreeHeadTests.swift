import Crypto
import DomainModel
import PermitProof
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct GetTreeHeadTests {
  /// What a caller is refused with.
  private static func refusal(
    _ registry: RegistryFixture, ofSize size: Int64
  ) async -> ServiceError? {
    await #expect(throws: ServiceError.self) {
      try await registry.client.getTreeHead(.init(treeSize: size), options: .applicant)
    }
  }

  @Test(arguments: TestEngine.all)
  func `the newest head and every earlier one come with what verifies them`(
    _ engine: TestEngine
  ) async throws {
    try await RegistryFixture.with([2, 3], engine) { registry in
      var heads: [RegistryV1.TreeHead] = []
      for size: Int64 in [0, 2, 5] {
        let answer = try await registry.client.getTreeHead(
          .init(treeSize: size), options: .applicant)
        heads.append(try #require(answer.head))
      }
      #expect(heads.map(\.treeSize) == [5, 2, 5])
      #expect(heads.first == heads.last)
      for head in heads {
        let key = try SM2PublicKey(pem: head.publicKeyPem)
        #expect(try key.verify(head.signature, of: head.head))
        let read = try TreeHead(canonicalBytes: head.head)
        #expect(read.size == Int(head.treeSize) && read.root.bytes == head.root)
        #expect(read.logID == head.logID && read.at.milliseconds == head.atMs)
        #expect(read.keyID == head.keyID)
      }
    }
  }

  @Test func `a size that no head has is told with the next that one has`() async throws {
    try await RegistryFixture.with([2, 3], .sqlite) { registry in
      let error = await Self.refusal(registry, ofSize: 3)
      #expect(error?.reason == "TREE_HEAD_NOT_FOUND")
      #expect(error?.metadata["next_tree_size"] == "5")
    }
  }

  @Test(arguments: [6, 1 << 40])
  func `a size beyond the log is told with the size there is`(_ size: Int64) async throws {
    try await RegistryFixture.with([5], .sqlite) { registry in
      let error = await Self.refusal(registry, ofSize: size)
      #expect(error?.reason == "TREE_SIZE_BEYOND_LOG" && error?.code == .outOfRange)
      #expect(error?.metadata["tree_size"] == "5")
    }
  }

  @Test(arguments: [-1, Int64.min, Int64.max])
  func `a number that is no size is told`(_ size: Int64) async throws {
    let registry = try await RegistryFixture()
    let error = await Self.refusal(registry, ofSize: size)
    #expect(error?.violations.map(\.reason) == ["NUMBER_OUT_OF_RANGE"])
    #expect(error?.violations.map(\.field) == ["tree_size"])
  }

  @Test func `a log without leaves has no head`() async throws {
    let registry = try await RegistryFixture()
    #expect(await Self.refusal(registry, ofSize: 0)?.reason == "TREE_HEAD_NOT_FOUND")
    #expect(await Self.refusal(registry, ofSize: 1)?.reason == "TREE_SIZE_BEYOND_LOG")
  }
}
