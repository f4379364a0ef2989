import DomainModel
import Synchronization
import TestSupport
import Testing

@testable import Storage

/// Leases, fences, and dispatchers that share one database.
@Suite struct OutboxLaneTests {
  private static func claim(
    _ fixture: OutboxFixture, _ owner: String, limit: Int = 10
  ) async throws -> [ClaimedLane] {
    let outbox = fixture.outbox
    return try await fixture.store.write {
      try outbox.claim(
        $0, ClaimOrder(owner: owner, leaseMs: 1_000, claimMax: limit, lanesMax: limit)
      ).lanes
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

  @Test(arguments: Backend.all)
  func `a lane made anew is not the old owner's, though fence and head are the same`(
    _ backend: Backend
  ) async throws {
    try await OutboxFixture.run(backend) { fixture in
      try await fixture.enqueue(["a/1"])
      let old = try await Self.claim(fixture, "old")[0]
      try await fixture.store.write {
        try $0.execute("UPDATE outbox_lane SET owner = 'new', lease_until = 0, ready_at = 0")
      }
      let outbox = fixture.outbox
      try await expectEqual(fixture.store.read { try outbox.holds($0, old) }, false)
      try await fixture.store.write { try outbox.release($0, old, readyAt: 7) }
      try await expectEqual(
        fixture.store.count("SELECT key FROM outbox_lane WHERE ready_at = 7"), 0)
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

  @Test(arguments: Backend.exclusive)
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

  @Test(arguments: Backend.all)
  func `a destination that hangs fills its own slots only, and goes on by itself`(
    _ backend: Backend
  ) async throws {
    try await OutboxFixture.run(backend) { fixture in
      let hub = SignalHub()
      let mark = hub.mark("open")
      let sent = Mutex<[String]>([])
      let effects = OutboxEffects { message in
        sent.withLock { $0.append(message.lane) }
        if message.destination == "hanging" { try await hub.wait("open", after: mark) }
        return []
      }
      var limits = OutboxLimits()
      limits.lanesMax = 3
      limits.claimMax = 2
      let dispatcher = OutboxDispatcher(
        store: fixture.store, outbox: fixture.outbox, effects: effects, limits: limits,
        environment: .init(
          owner: "one", time: fixture.time, random: SeededRandom(), logger: .silent))
      try await fixture.enqueue((0..<9).map { "h\($0)/1" }, to: "hanging")
      try await Self.run(dispatcher) {
        while sent.withLock({ $0.count }) < 3 { await Task.yield() }
        try await fixture.enqueue((0..<9).map { "a\($0)/1" })
        while try await fixture.depth().messages > 9 { await Task.yield() }
        // Lanes go in parallel, so in any order.
        #expect(sent.withLock { $0.filter { $0.hasPrefix("h") } }.sorted() == ["h0", "h1", "h2"])
        // The clock stands still, so nothing but a slot's end can wake the dispatcher.
        hub.signal(["open"])
        while try await fixture.depth().messages > 0 { await Task.yield() }
      }
    }
  }

  @Test(arguments: Backend.all)
  func `a sweep finds messages without a lane and lanes that wait for nothing`(
    _ backend: Backend
  ) async throws {
    try await OutboxFixture.run(backend) { fixture in
      let outbox = fixture.outbox
      fixture.receiver.fail("p/1", with: [OutboxTests.never])
      fixture.receiver.fail("q/1", with: [OutboxTests.never])
      try await fixture.enqueue(["a/1", "a/2", "b/1", "p/1", "p/2", "q/1"])
      try await fixture.store.write { transaction in
        try transaction.execute("DELETE FROM outbox_lane WHERE key = 'a'")
      }
      try await expectEqual(fixture.dispatcher().deliverOnce(), 1)
      // Somebody drops a parked message by hand.
      try await fixture.store.write { transaction in
        try transaction.execute(
          "DELETE FROM outbox WHERE lane = 'p' AND parked_at IS NOT NULL")
      }
      try await expectEqual(fixture.store.read { try outbox.needsSweep($0) }, true)
      try await expectEqual(fixture.store.write { try outbox.sweep($0) }, 2)
      try await expectEqual(fixture.store.read { try outbox.needsSweep($0) }, false)
      try await expectEqual(fixture.store.write { try outbox.sweep($0) }, 0)
      try await expectEqual(fixture.dispatcher().deliverOnce(), 3)
      #expect(fixture.receiver.sent == ["b/1", "p/1", "q/1", "a/1", "a/2", "p/2"])
      try await expectEqual(fixture.parked().map(\.lane), ["q"])
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
