import DomainModel
import PermitProof
import RPC
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct GetConsistencyProofTests {
  /// What a caller is refused with.
  private static func refusal(
    _ registry: RegistryFixture, _ first: Int64, _ second: Int64
  ) async -> ServiceError? {
    await #expect(throws: ServiceError.self) {
      try await registry.client.getConsistencyProof(
        .init(firstTreeSize: first, secondTreeSize: second), options: .officer)
    }
  }

  @Test(arguments: TestEngine.all)
  func `every head begins every later one`(_ engine: TestEngine) async throws {
    let sizes: [Int64] = [1, 3, 4, 8, 9]
    try await RegistryFixture.with([1, 2, 1, 4, 1], engine) { registry in
      for first in sizes {
        for second in sizes.filter({ $0 >= first }) + [0] {
          let answer = try await registry.client.getConsistencyProof(
            .init(firstTreeSize: first, secondTreeSize: second), options: .integrator)
          let earlier = try TreeHead(canonicalBytes: try #require(answer.first).head)
          let later = try TreeHead(canonicalBytes: try #require(answer.second).head)
          #expect(earlier.size == Int(first) && later.size == Int(second == 0 ? 9 : second))
          let proof = ConsistencyProof(
            earlier: earlier.size, later: later.size,
            hashes: answer.path.compactMap { TreeHash($0) })
          try proof.verify(earlierRoot: earlier.root, laterRoot: later.root)
          if earlier.size < later.size {
            #expect(throws: TreeDefect.self) {
              try proof.verify(earlierRoot: later.root, laterRoot: later.root)
            }
          }
        }
      }
    }
  }

  @Test(
    arguments: [
      (0, 5, "first_tree_size", "NUMBER_OUT_OF_RANGE"),
      (-1, 5, "first_tree_size", "NUMBER_OUT_OF_RANGE"),
      (2, -5, "second_tree_size", "NUMBER_OUT_OF_RANGE"),
      (5, 2, "second_tree_size", "TREE_SIZES_REVERSED"),
    ] as [(Int64, Int64, String, String)])
  func `sizes that are none or reversed are told`(
    _ first: Int64, _ second: Int64, _ field: String, _ reason: String
  ) async throws {
    try await RegistryFixture.with([2, 3], .sqlite) { registry in
      let error = await Self.refusal(registry, first, second)
      #expect(error?.violations.map(\.field) == [field])
      #expect(error?.violations.map(\.reason) == [reason])
    }
  }

  @Test func `sizes beyond the log or without a head are told`() async throws {
    try await RegistryFixture.with([2, 3], .sqlite) { registry in
      #expect(await Self.refusal(registry, 2, 6)?.reason == "TREE_SIZE_BEYOND_LOG")
      #expect(await Self.refusal(registry, 6, 0)?.reason == "TREE_SIZE_BEYOND_LOG")
      #expect(await Self.refusal(registry, 2, 3)?.metadata["next_tree_size"] == "5")
      #expect(await Self.refusal(registry, 1, 0)?.metadata["next_tree_size"] == "2")
    }
  }
}
