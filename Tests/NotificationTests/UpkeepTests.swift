import ServiceCore
import Storage
import StorageSQLite
import TestSupport
import Testing

@testable import NotificationCore

struct UpkeepTests {
  @Test func `the background work forgets old answers`() async throws {
    let queue = try await NotificationFixture()
    _ = try await queue.enqueue()
    let kept = try await queue.store.read {
      try $0.row("SELECT COUNT(*) AS n FROM inbox")?.int("n")
    }
    #expect(kept == 1)
    let left = try await UpkeepWalk.answersLeft(
      running: queue.assembly.jobs, over: queue.store, queue.clock)
    #expect(left == 0)
  }

  @Test func `each piece of background work is a job of its own`() async throws {
    let queue = try await NotificationFixture()
    #expect(
      queue.assembly.jobs.map(\.name) == [
        "delivery", "receipts", "outbox", "housekeeping", "upkeep", "person keys",
      ])
  }
}
