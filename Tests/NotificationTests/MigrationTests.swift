import DomainModel
import NotificationGateways
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import NotificationCore

struct MigrationTests {
  static let migrations = NotificationAssembly.migrations
  private typealias Filled = (NotificationFixture, [String], EarlierData)

  /// A message that is delivered, one that waits, and one that waits for its time; and all that stands
  /// beside messages.
  private static func filled() async throws -> Filled {
    let queue = try await NotificationFixture()
    try await Self.fillBeside(queue)
    let delivered = try await queue.enqueue(1)
    #expect(try await queue.assembly.deliverOnce() == 1)
    let ids = [delivered, try await queue.enqueue(2)]
    _ = try await queue.schedule([.sample(after: 1, for: 48, queue.clock)])
    return (queue, ids, try await EarlierData(of: queue.store, Self.migrations))
  }

  /// A notice whose receipt came, a receipt that came early, a number that was proved and has its wishes,
  /// and a class that is stopped.
  private static func fillBeside(_ queue: NotificationFixture) async throws {
    try await queue.proved()
    _ = try await queue.setPreferences(.init(switchedOff: [.reminder]))
    queue.clock.advance(milliseconds: 60_000)
    _ = try await queue.sendCode()
    let store = try queue.notifications()
    _ = try await queue.client.enqueueMessage(.suspended(1), options: .registry)
    let claimed = try #require(try await queue.claim(by: "a").first)
    let report = TryReport(
      gateway: "g", answer: .submitted, providerIDs: ["p-1"], repeats: 0)
    _ = try await store.settle(claimed, report, RetrySchedule(), jitter: 0)
    let receipts = ["p-1", "p-2"].map { id in
      GatewayNews.receipt(
        DeliveryReceipt(
          gateway: "g", providerID: id, state: .delivered, code: "DELIVRD",
          at: queue.clock.now()))
    }
    try await store.keep(receipts, RetrySchedule(), jitter: 0)
    _ = try await PauseQueueTests.pause(queue, [.progress])
  }

  @Test func `the data of this test fill every table`() async throws {
    let (_, _, data) = try await Self.filled()
    #expect(data.emptyTables == [])
  }

  @Test func `whatever a data key has sealed is found when the key is to go`() async throws {
    let (queue, _, _) = try await Self.filled()
    let left = try await SealWalk.placesLeft(
      of: queue.seals.dataKey, in: queue.store, NotificationAssembly.sealedTables)
    #expect(left == [])
  }

  @Test(arguments: TestEngine.all, EarlierData.versions(of: Self.migrations))
  func `what an earlier version holds is all there, and what waits is delivered`(
    _ engine: TestEngine, _ version: Int
  ) async throws {
    let (queue, ids, data) = try await Self.filled()
    var before: [NotificationV1.Message?] = []
    for id in ids { before.append(try await queue.message(id)) }
    try await engine.withStore(queue.clock) { store in
      let rows = try await data.write(
        to: store, on: engine, version: version, now: queue.clock.now())
      #expect(rows > 6)
      let again = try await NotificationFixture(again: queue, over: store)
      #expect(try await data.lost(in: store, since: version) == [])
      var delivered = before[0]
      // When it was written down was not kept then.
      if version < 3 { delivered?.endedAtMs = before[0]?.deliveredAtMs ?? 0 }
      #expect(try await again.message(ids[0]) == delivered)
      #expect(try await again.message(ids[1]) == before[1])
      #expect(try await again.assembly.deliverOnce() == 1)
      #expect(try await again.message(ids[1])?.state == .delivered)
      let new = try await again.enqueue(3)
      #expect(!ids.contains(new))
      // Also a release that knows no more than that it is to be tried later sends it in its time.
      queue.clock.advance(milliseconds: 3_600_000)
      #expect(try await again.assembly.deliverOnce() == 2)
    }
  }
}
