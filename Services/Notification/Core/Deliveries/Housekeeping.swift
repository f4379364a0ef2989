import DomainModel
import Logging
import ServiceCore

/// What the queue does in time by itself: it stops waiting for receipts, erases numbers and texts, and
/// forgets what is kept for a while only.
struct Housekeeping: Sendable {
  let store: NotificationStore
  let parts: CoreParts

  /// How long it rests between two rounds, in milliseconds.
  static let pauseMs: Int64 = 60_000
  /// How long it rests between two steps of a round, in milliseconds, so that others come between.
  static let stepPauseMs: Int64 = 50

  /// Runs until the task is cancelled. A store that is out of order is met again in the next round.
  func run() async throws {
    while true {
      do {
        try await self.runOnce()
      } catch let error where !(error is CancellationError) {
        self.parts.logger.warning("housekeeping: not everything was done: \(error)")
      }
      try await self.parts.time.sleep(milliseconds: Self.pauseMs)
    }
  }

  /// One round.
  func runOnce() async throws {
    try await self.repeated { try await self.store.stopWaiting(at: $0) }
    try await self.repeated { try await self.store.purge(at: $0) }
    let erased = try await self.repeated { try await self.store.eraseOld(at: $0) }
    if erased > 0 {
      self.parts.logger.info(
        "housekeeping: numbers and texts were erased", metadata: ["count": "\(erased)"])
    }
  }

  /// One step after another until nothing is left to do; returns how many rows it changed.
  @discardableResult
  private func repeated(_ step: (Timestamp) async throws -> Int) async throws -> Int {
    var changed = 0
    while true {
      let count = try await step(self.parts.time.now())
      changed += count
      if count < NotificationStore.retentionStepMax { return changed }
      try await self.parts.time.sleep(milliseconds: Self.stepPauseMs)
    }
  }
}
