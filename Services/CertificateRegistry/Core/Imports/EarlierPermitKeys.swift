import DomainModel
import Logging
import ServiceCore
import Storage

/// Brings the index of imported permits' numbers under every key of the ring, as `PersonKeys` does
/// for persons. Rows under a key that is gone find nothing any more, and stay.
struct EarlierPermitKeys: Sendable {
  /// How many permits one transaction brings up to date at most.
  static let stepMax = 100
  /// How long it rests between two steps, in milliseconds, so that calls come between.
  static let stepPauseMs: Int64 = 20
  /// How long it rests when there is nothing to do, in milliseconds.
  static let pauseMs: Int64 = 60_000

  let store: RegistryStore
  let parts: CoreParts

  /// Runs until the task is cancelled; throws `CancellationError`. A store that is out of order is
  /// met again in the next round.
  func run() async throws {
    while true {
      do {
        let added = try await self.runOnce()
        if added > 0 {
          self.parts.logger.notice(
            "imported permits are under every blind key", metadata: ["rows": "\(added)"])
        }
      } catch let error where !(error is CancellationError) {
        self.parts.logger.warning("imported permits' keys were not brought up to date: \(error)")
      }
      try await self.parts.time.sleep(milliseconds: Self.pauseMs)
    }
  }

  /// One round: bounded steps, each a transaction of its own. Returns how many rows were written.
  func runOnce() async throws -> Int {
    var added = 0
    while true {
      let earlier = self.store.earlier
      let count = try await self.store.tables.store.write {
        try earlier.addMissingRows($0, limit: Self.stepMax)
      }
      added += count
      if count < Self.stepMax { return added }
      try await self.parts.time.sleep(milliseconds: Self.stepPauseMs)
    }
  }
}
