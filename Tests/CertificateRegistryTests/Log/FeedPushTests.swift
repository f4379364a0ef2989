import DomainModel
import PermitProof
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

/// Platforms are told every change, whatever is away.
@Suite(.timeLimit(.minutes(10)))
struct FeedPushTests {
  private static func push(
    _ registry: RegistryFixture, to sink: RecordingSink, pageMax: Int = 2, in division: String = ""
  ) throws -> FeedPush {
    let platform = try sink.sink(registry.clock, in: division)
    var push = FeedPush(platform, registry.log, registry.parts)
    push.limits.pageMax = pageMax
    return push
  }

  @Test(arguments: TestEngine.all)
  func `changes are pushed in leaf order, and the last page proves the head to whoever kept one`(
    _ engine: TestEngine
  ) async throws {
    try await RegistryFixture.with([5], engine) { registry in
      let sink = RecordingSink()
      let push = try Self.push(registry, to: sink)
      #expect(try await push.pushOnce() == 3)
      #expect(try await push.pushOnce() == 1)
      #expect(try await push.pushOnce() == 0)
      #expect(try await push.pushOnce() == nil)
      for person in 6...8 { _ = try await registry.issue(person) }
      #expect(try await registry.assembly.sequenceOnce() == 3)
      #expect(try await push.pushOnce() == 1)
      #expect(try await push.pushOnce() == 0)
      let requests = sink.requests
      #expect(requests.flatMap(\.changes).map(\.leafIndex) == Array(0..<8))
      #expect(requests.map(\.firstLeafIndex) == [0, 2, 4, 5, 7])
      #expect(requests.map { $0.head?.treeSize } == [nil, nil, 5, nil, 8])
      #expect(requests.map(\.consistentFromTreeSize) == [0, 0, 0, 0, 5])
      #expect(Set(requests.map(\.idempotencyKey)).count == 5)
      #expect(requests.allSatisfy { (16...64).contains($0.idempotencyKey.count) })
      let heads = try requests.compactMap(\.head).map { try TreeHead(canonicalBytes: $0.head) }
      let proof = ConsistencyProof(
        earlier: 5, later: 8,
        hashes: requests.last?.consistencyPath.compactMap { TreeHash($0) } ?? [])
      try proof.verify(earlierRoot: heads[0].root, laterRoot: heads[1].root)
    }
  }

  @Test(arguments: TestEngine.all)
  func `what was not answered is sent again under the same key, and nothing is left out`(
    _ engine: TestEngine
  ) async throws {
    try await RegistryFixture.with([3], engine) { registry in
      let sink = RecordingSink()
      let push = try Self.push(registry, to: sink)
      sink.isAway(true)
      await #expect(throws: ServiceError.self) { try await push.pushOnce() }
      #expect(sink.requests.isEmpty)
      sink.isAway(false)
      sink.losesAnswers(true)
      await #expect(throws: ServiceError.self) { try await push.pushOnce() }
      sink.losesAnswers(false)
      while try await push.pushOnce() != nil {}
      let keys = sink.requests.map(\.idempotencyKey)
      #expect(keys.count == 3 && keys[0] == keys[1] && keys[1] != keys[2])
      #expect(Set(sink.requests.flatMap(\.changes).map(\.leafIndex)) == [0, 1, 2])
    }
  }

  @Test func `a platform that has lost something is sent it again`() async throws {
    try await RegistryFixture.with([4], .sqlite) { registry in
      let sink = RecordingSink()
      let push = try Self.push(registry, to: sink)
      while try await push.pushOnce() != nil {}
      sink.forget(from: 1)
      _ = try await registry.issue(5)
      #expect(try await registry.assembly.sequenceOnce() == 1)
      // It is told of the fifth, and asks for the second.
      await #expect(throws: FeedStuck.self) { try await push.pushOnce() }
      while try await push.pushOnce() != nil {}
      #expect(sink.next == 5)
      #expect(sink.requests.map(\.firstLeafIndex) == [0, 2, 4, 1, 3])
    }
  }

  @Test(arguments: TestEngine.all)
  func `one replica pushes at a time, and another goes on where a dead one stopped`(
    _ engine: TestEngine
  ) async throws {
    try await RegistryFixture.with([4], engine) { registry in
      let sink = RecordingSink()
      let second = try Self.push(registry, to: sink)
      let first = try Self.push(registry, to: sink)
      let claim = try await registry.store.write { transaction in
        try FeedTable.claim(
          transaction, "data-platform", owner: "a dead one", leaseMs: 60_000)
      }
      let dead = try #require(claim)
      #expect(try await second.pushOnce() == nil)
      try await registry.store.write {
        try $0.execute("UPDATE feed_sink SET lease_until = 0")
      }
      #expect(try await second.pushOnce() == 2)
      #expect(try await first.pushOnce() == 0)
      // Who stalled past its lease keeps nothing.
      await #expect(throws: FeedClaimLost.self) {
        try await registry.store.write {
          try FeedTable.keep($0, FeedCursor(next: 1, headSize: 0), by: dead)
        }
      }
      #expect(sink.requests.flatMap(\.changes).map(\.leafIndex) == [0, 1, 2, 3])
    }
  }

  @Test func `as long as it runs a platform hears of each change, and of those it missed`()
    async throws
  {
    let sink = RecordingSink()
    let first = try await RegistryFixture()
    let registry = try await RegistryFixture(
      again: first, over: first.store, feeds: [try sink.sink(first.clock)])
    sink.isAway(true)
    _ = try await registry.issue(1)
    _ = try await registry.assembly.sequenceOnce()
    try await registry.working {
      // It sleeps after the call that failed.
      while registry.clock.earliestWake == nil { await Task.yield() }
      sink.isAway(false)
      _ = try await registry.issue(2)
      while sink.next < 2 {
        registry.clock.advance(milliseconds: 100)
        await Task.yield()
      }
    }
    #expect(sink.requests.last?.head?.treeSize == 2)
  }

  @Test(arguments: TestEngine.all)
  func `a platform of one division is told its changes only, and goes past all others`(
    _ engine: TestEngine
  ) async throws {
    try await RegistryFixture.with([1], engine) { registry in
      let sink = RecordingSink()
      let push = try Self.push(registry, to: sink, in: "331123")
      #expect(try await push.pushOnce() == 0)
      #expect(sink.requests.map(\.changes) == [[]])
      _ = try await registry.client.convertPermit(
        .sample(1, kind: .existingPermit), options: .approval)
      _ = try await registry.issue(4)
      #expect(try await registry.assembly.sequenceOnce() == 3)
      while try await push.pushOnce() != nil {}
      #expect(sink.requests.flatMap(\.changes).map(\.divisionCode) == ["331123"])
      #expect(sink.requests.map(\.nextLeafIndex) == [1, 4])
      #expect(sink.requests.last?.head?.treeSize == 4)
    }
  }
}
