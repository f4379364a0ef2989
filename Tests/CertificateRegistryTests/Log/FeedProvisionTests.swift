import DomainModel
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

/// Who was told of which change, and when.
@Suite(.timeLimit(.minutes(10)))
struct FeedProvisionTests {
  private static func rows(_ registry: RegistryFixture) async throws -> [[String]] {
    try await registry.store.read { snapshot in
      try snapshot.rows(
        """
        SELECT receiver, division_prefix, first_leaf_index, next_leaf_index FROM feed_provision
        ORDER BY id
        """
      ).map { row in
        [
          try row.text("receiver"), try row.text("division_prefix"),
          String(try row.int("first_leaf_index")), String(try row.int("next_leaf_index")),
        ]
      }
    }
  }

  private static func told(
    _ registry: RegistryFixture, _ leaf: Int, in division: String = "330106"
  ) async throws -> [ToldChange] {
    try await registry.store.read {
      try FeedProvisionTable.told($0, leaf: leaf, in: division)
    }
  }

  private static func record(
    _ registry: RegistryFixture, _ leaves: Range<Int>, to receiver: String = "a",
    in division: String = ""
  ) async throws {
    let now = registry.clock.now()
    let told = FeedProvision(receiver: receiver, divisionPrefix: division, leaves: leaves)
    try await registry.store.write { try FeedProvisionTable.record($0, told, at: now) }
  }

  @Test(arguments: TestEngine.all)
  func `what is pushed within a minute is one row, which says for each leaf when`(
    _ engine: TestEngine
  ) async throws {
    try await RegistryFixture.with([3], engine) { registry in
      let sink = RecordingSink()
      var push = FeedPush(try sink.sink(registry.clock), registry.log, registry.parts)
      push.limits.pageMax = 1
      let began = registry.clock.now()
      while try await push.pushOnce() != nil {}
      #expect(sink.requests.count == 3)
      #expect(try await Self.rows(registry) == [["data-platform", "", "0", "3"]])
      registry.clock.advance(milliseconds: FeedProvisionTable.runMs)
      _ = try await registry.issue(4)
      _ = try await registry.assembly.sequenceOnce()
      while try await push.pushOnce() != nil {}
      #expect(
        try await Self.rows(registry)
          == [["data-platform", "", "0", "3"], ["data-platform", "", "3", "4"]])
      let first = try await Self.told(registry, 2)
      #expect(first.map(\.firstAt) == [began] && first.map(\.lastAt) == [began])
      #expect(try await Self.told(registry, 3).map(\.firstAt) == [registry.clock.now()])
      #expect(try await Self.told(registry, 4).isEmpty)
    }
  }

  @Test func `what no platform answered to have got is not kept as told`() async throws {
    try await RegistryFixture.with([1], .sqlite) { registry in
      let sink = RecordingSink()
      let push = FeedPush(try sink.sink(registry.clock), registry.log, registry.parts)
      sink.isAway(true)
      await #expect(throws: ServiceError.self) { try await push.pushOnce() }
      #expect(try await Self.rows(registry).isEmpty)
      sink.isAway(false)
      _ = try await push.pushOnce()
      #expect(try await Self.rows(registry).count == 1)
    }
  }

  @Test func `a run ends where something else begins, and has a bound`() async throws {
    let registry = try await RegistryFixture()
    try await Self.record(registry, 0..<10)
    try await Self.record(registry, 10..<20)
    // Told again, because it was lost there; and by another filter.
    try await Self.record(registry, 5..<20)
    try await Self.record(registry, 20..<30, in: "3301")
    try await Self.record(registry, 20..<30, to: "b")
    try await Self.record(registry, 30..<2_100, in: "3301")
    #expect(
      try await Self.rows(registry).map { $0.dropFirst(0).joined(separator: " ") } == [
        "a  0 20", "a  5 20", "a 3301 20 30", "b  20 30", "a 3301 30 2030", "a 3301 2030 2100",
      ])
    #expect(try await Self.told(registry, 7).count == 2)
    #expect(try await Self.told(registry, 25).map(\.receiver) == ["a", "b"])
    #expect(try await Self.told(registry, 25, in: "331123").map(\.receiver) == ["b"])
    #expect(try await Self.told(registry, 2_099).count == 1)
  }

  @Test func `who watches is told as well, but for auditors`() async throws {
    try await RegistryFixture.with([2], .sqlite) { registry in
      for options in [CallOptions.dataPlatform, .auditor] {
        try await registry.client.watchChanges(
          .init(divisionPrefix: "3301"), options: options
        ) { stream in
          for try await answer in stream where answer.nextLeafIndex == 2 { break }
        }
      }
      #expect(
        try await Self.rows(registry) == [["integrator:data-platform", "3301", "0", "2"]])
    }
  }

  @Test(arguments: TestEngine.all)
  func `it is kept for three years to the day`(_ engine: TestEngine) async throws {
    try await RegistryFixture.with([1], engine) { registry in
      registry.clock.set(try .noon("2026-03-10"))
      try await Self.record(registry, 0..<1)
      let sweeper = ProvisionSweeper(
        store: registry.registryStore, parts: registry.parts, years: 3)
      registry.clock.set(try .noon("2029-03-10"))
      _ = try await sweeper.runOnce()
      #expect(try await Self.rows(registry).count == 1)
      registry.clock.set(try .noon("2029-03-11"))
      #expect(try await sweeper.runOnce() == 1)
      #expect(try await Self.rows(registry).isEmpty)
    }
  }
}
