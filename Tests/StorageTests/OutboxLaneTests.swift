import DomainModel
import StorageSQLite
import Synchronization
import Testing

@testable import Storage

/// Leases, fences, and dispatchers that share one database.
@Suite struct OutboxLaneTests {
  private static func claim(
    _ fixture: OutboxFixture, _ owner: String, limit: Int = 10
  ) async throws -> [ClaimedLane] {
    let outbox = fixture.outbox
    return try await fixture.store.write {
      try outbox.claim($0, owner: owner, limit: limit, leaseMs: 1_000)
    }
  }

  @Test(arguments: Backend.all)
  func `a claimed lane is nobody else's until its lease ends`(_ backend: Backend) async throws {
    try await OutboxFixture.run(backend) { fixture in
      try await fixture.enqueue(["a/1", "b/1"])
      let first = try await Self.claim(fixture, "one", limit: 1)
      #expect(first.map(\.key) == ["a"])
      try await expectEqual(Self.claim(fixture, "two").map(\.key), ["b"])
      fixture.time.advance(999)
      try await expectEqual(Self.claim(fixture, "three").map(\.key), [])
      fixture.time.advance(1)
      let again = try await Self.claim(fixture, "three")
      #expect(again.map(\.key) == ["a", "b"])
      #expect(again[0].fence > first[0].fence)
    }
  }

  @Test(arguments: Backend.all)
  func `an owner that stalled longer than its lease marks nothing`(
    _ backend: Backend
  ) async throws {
    try await OutboxFixture.run(backend) { fixture in
      try await fixture.enqueue(["a/1", "a/2"])
      let stalled = try await Self.claim(fixture, "stalled")[0]
      fixture.time.advance(1_001)
      let outbox = fixture.outbox
      let taken = try await Self.claim(fixture, "awake")[0]
      try await expectEqual(fixture.store.read { try outbox.holds($0, stalled) }, false)
      try await expectEqual(fixture.store.read { try outbox.holds($0, taken) }, true)
      // The lane is emptied, removed and made anew: an old fence must not fit the new lane.
      let next = try await fixture.store.write {
        try outbox.settle($0, taken, .delivered, leaseMs: 1_000)
      }
      let last = try #require(next)
      try await fixture.store.write { _ = try outbox.settle($0, last, .delivered, leaseMs: 1_000) }
      try await fixture.enqueue(["a/3"])
      let renewed = try await Self.claim(fixture, "third")[0]
      #expect(renewed.fence == stalled.fence)
      try await expectEqual(fixture.store.read { try outbox.holds($0, stalled) }, false)
    }
  }

  @Test func `a stalled sender's late answer has no effect`() async throws {
    try await OutboxFixture.run(.file) { fixture in
      try await fixture.enqueue(["a/1"])
      let gate = Gate()
      let outbox = fixture.outbox
      let effects = OutboxEffects { message in
        await Task.detached { gate.pass() }.value
        return Array("late".utf8)
      }
      var limits = OutboxLimits()
      limits.leaseMs = 1_000
      let stalled = OutboxDispatcher(
        store: fixture.store, outbox: outbox, effects: effects, limits: limits,
        environment: .init(
          owner: "stalled", time: fixture.time, random: SeededRandom(), logger: .silent))
      async let delivered = stalled.deliverOnce()
      await gate.waitUntilEntered()
      fixture.time.advance(1_001)
      try await expectEqual(fixture.dispatcher("awake").deliverOnce(), 1)
      gate.open()
      try await expectEqual(delivered, 0)
      try await expectEqual(fixture.answers(), ["re: a/1"])
    }
  }

  @Test(arguments: Backend.all)
  func `what a dead process had claimed is taken over at once`(_ backend: Backend) async throws {
    try await OutboxFixture.run(backend) { fixture in
      try await fixture.enqueue(["a/1", "b/1"])
      _ = try await Self.claim(fixture, "killed")
      try await Self.run(fixture.dispatcher("restarted")) {
        while fixture.receiver.sent.count < 2 { await Task.yield() }
      }
      #expect(fixture.receiver.sent.sorted() == ["a/1", "b/1"])
    }
  }

  @Test(arguments: Backend.all)
  func `a running dispatcher is woken by a commit`(_ backend: Backend) async throws {
    try await OutboxFixture.run(backend) { fixture in
      try await Self.run(fixture.dispatcher()) {
        for number in 1...20 {
          try await fixture.enqueue(["a/\(number)"])
          while try await fixture.depth().messages > 0 { await Task.yield() }
        }
      }
      #expect(fixture.receiver.sent == (1...20).map { "a/\($0)" })
    }
  }

  @Test(arguments: Backend.all)
  func `a running dispatcher keeps the order of a hundred lanes through failures`(
    _ backend: Backend
  ) async throws {
    try await OutboxFixture.run(backend) { fixture in
      for number in 0..<10 {
        for lane in stride(from: number, to: 100, by: 7) {
          fixture.receiver.fail("lane\(lane)/\(number)", with: [OutboxTests.later])
        }
        try await fixture.enqueue((0..<100).map { "lane\($0)/\(number)" })
      }
      var limits = OutboxLimits()
      limits.lanesMax = 16
      limits.claimMax = 8
      try await Self.run(fixture.dispatcher(limits: limits)) {
        while try await fixture.depth().messages > 0 {
          fixture.time.advance(50)
          await Task.yield()
        }
      }
      var answered: [String: [String]] = [:]
      for answer in try await fixture.answers() {
        let lane = answer.split(separator: "/")[0]
        answered[String(lane), default: []].append(answer)
      }
      #expect(answered.count == 100)
      for (lane, answers) in answered { #expect(answers == (0..<10).map { "\(lane)/\($0)" }) }
    }
  }

  /// Runs a dispatcher beside the body and cancels it after.
  private static func run(
    _ dispatcher: OutboxDispatcher, _ body: @Sendable () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        do { try await dispatcher.run() } catch is CancellationError {}
      }
      try await body()
      group.cancelAll()
      try await group.waitForAll()
    }
  }
}
