import DomainModel
import Logging
import ServiceCore

/// Removes uploads that nobody goes on with: half of a file is no use to anybody.
struct UploadExpiry: Sendable {
  /// How long it rests between two rounds, in milliseconds: one hour.
  static let pauseMs: Int64 = 3_600_000

  let store: IntakeStore
  let parts: CoreParts

  /// Runs until the task is cancelled. What a round throws ends the job, which begins again.
  func run() async throws {
    while true {
      let now = self.parts.time.now()
      let removed = try await self.store.expireUploads(
        untouchedSince: now.adding(milliseconds: -UploadLimits.keptMs))
      if removed > 0 {
        self.parts.logger.info("uploads expired", metadata: ["count": "\(removed)"])
      }
      let next = self.parts.time.now().adding(milliseconds: Self.pauseMs)
      try await self.parts.time.sleep(until: next)
    }
  }
}
