import DomainModel
import Logging
import ServiceCore
import Storage

/// Removes what has been kept for its time: who looked at whose permit and who was told of changes,
/// after years, and the hashes of codes that holders have shown, after a day.
struct ProvisionSweeper: Sendable {
  /// How long it rests between two rounds, in milliseconds: one hour. A round with nothing to do
  /// costs two index searches.
  static let pauseMs: Int64 = 3_600_000
  /// How long it rests between two steps of a round, in milliseconds, so that calls come between.
  static let stepPauseMs: Int64 = 50

  let store: RegistryStore
  let parts: CoreParts
  /// For how many years a look is kept.
  let years: Int

  /// Runs until the task is cancelled. What a round throws ends the job, which begins again.
  func run() async throws {
    while true {
      let removed = try await self.runOnce()
      if removed > 0 {
        self.parts.logger.info("old looks and codes removed", metadata: ["count": "\(removed)"])
      }
      try await self.parts.time.sleep(milliseconds: Self.pauseMs)
    }
  }

  /// One round: bounded steps, each a transaction of its own. Returns how many rows were removed.
  func runOnce() async throws -> Int {
    let store = self.store
    var removed = 0
    while true {
      let now = self.parts.time.now()
      let kept = CivilDate(of: now).adding(years: -self.years).startOfDay
      let lapsed = now.adding(milliseconds: -Presentation.keptMs)
      let counts = try await self.parts.store.write { transaction in
        [
          try store.provisions.purge(transaction, before: kept),
          try FeedProvisionTable.purge(transaction, before: kept),
          try store.presentations.purge(transaction, before: lapsed),
        ]
      }
      removed += counts.reduce(0, +)
      if counts.allSatisfy({ $0 < ProvisionTable.purgeRowsMax }) { return removed }
      try await self.parts.time.sleep(milliseconds: Self.stepPauseMs)
    }
  }
}
