import DomainModel

/// Forgets the answers of calls that nobody may repeat any more.
struct InboxUpkeep: Sendable {
  /// How long it rests between two rounds, in milliseconds: one hour.
  static let pauseMs: Int64 = 3_600_000

  let store: IntakeStore
  let time: any TimeSource

  /// Runs until the task is cancelled. What a round throws ends the job, which begins again.
  func run() async throws {
    while true {
      try await self.store.purgeInbox(at: self.time.now())
      try await self.time.sleep(until: self.time.now().adding(milliseconds: Self.pauseMs))
    }
  }
}
