import ServiceCore
import Storage
import StorageSQLite
import TestSupport
import Testing

@testable import ApprovalCore

struct UpkeepTests {
  @Test func `the background work forgets old answers`() async throws {
    let desk = try await Desk()
    _ = try await desk.open()
    let kept = try await desk.store.read {
      try $0.row("SELECT COUNT(*) AS n FROM inbox")?.int("n")
    }
    #expect(kept == 1)
    let left = try await UpkeepWalk.answersLeft(
      running: desk.assembly.jobs, over: desk.store, desk.clock)
    #expect(left == 0)
  }

  @Test func `each piece of background work is a job of its own`() async throws {
    let desk = try await Desk()
    #expect(
      desk.assembly.jobs.map(\.name) == [
        "outbox", "upkeep", "claims", "desks", "work feed", "timers", "calendar", "offices",
        "credit entries",
      ])
  }
}
