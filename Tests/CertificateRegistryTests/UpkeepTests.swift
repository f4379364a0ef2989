import ServiceCore
import Storage
import StorageSQLite
import TestSupport
import Testing

@testable import CertificateRegistryCore

struct UpkeepTests {
  @Test func `the background work forgets old answers`() async throws {
    let registry = try await RegistryFixture()
    _ = try await registry.issue(1)
    let kept = try await registry.store.read {
      try $0.row("SELECT COUNT(*) AS n FROM inbox")?.int("n")
    }
    #expect(kept == 1)
    let left = try await UpkeepWalk.answersLeft(
      running: registry.assembly.jobs, over: registry.store, registry.clock)
    #expect(left == 0)
  }

  @Test func `each piece of background work is a job of its own`() async throws {
    let registry = try await RegistryFixture()
    #expect(
      registry.assembly.jobs.map(\.name) == [
        "outbox", "suspensions", "upkeep", "person keys", "earlier permits", "issuing watch",
        "log sequencer", "log backfill", "log answers", "revocation snapshots", "provisions",
        "erasures",
      ])
  }
}
