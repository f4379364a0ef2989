import DomainModel
import Storage
import StorageSQLite
import TestSupport
import Testing

@testable import IntakeCore

struct MigrationTests {
  @Test func `a draft of an older release counts as touched when its state was reached`()
    async throws
  {
    let clock = FakeClock()
    let store = try HookedStore.inMemory(time: clock, logger: RecordedLogs().logger())
    try await Migrator([IntakeMigrations.all[0]]).migrate(store, now: clock.now())
    try await store.write { transaction in
      try transaction.execute(
        """
        INSERT INTO application (application_id, owner, kind, channel, policy_version, created_at,
          version, state, changed_at, progress_sequence)
        VALUES ('old', 'integrator:app', 'first_permit', 1, 'zhejiang-1', 5, 1, 'draft', 7, 0)
        """)
    }
    try await Migrator(IntakeMigrations.all).migrate(store, now: clock.now())
    let touched = try await store.read { snapshot in
      try snapshot.row("SELECT updated_at FROM application WHERE application_id = 'old'")?
        .int64("updated_at")
    }
    #expect(touched == 7)
  }
}
