import DomainModel
import Logging

/// What must be done from time to time: old idempotency keys are forgotten.
struct IntakeUpkeep: Sendable {
  /// How long it rests between two rounds, in milliseconds: one hour.
  static let pauseMs: Int64 = 3_600_000

  let store: IntakeStore
  let time: any TimeSource
  let logger: Logger

  /// Runs until the task is cancelled. A store that is away is met again in the next round.
  func run() async throws {
    while true {
      do {
        try await self.store.purgeInbox(at: self.time.now())
      } catch let error as ServiceError {
        self.logger.warning("the inbox was not purged", metadata: ["reason": "\(error.reason)"])
      }
      try await self.time.sleep(until: self.time.now().adding(milliseconds: Self.pauseMs))
    }
  }
}
