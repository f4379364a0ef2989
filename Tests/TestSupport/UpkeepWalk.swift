public import ServiceCore
public import Storage

/// Asks a service's background work whether it forgets the answers that nobody may ask for again.
public enum UpkeepWalk {
  /// How many kept answers are left once `jobs` have run over a store whose answers are all too
  /// old.
  public static func answersLeft(
    running jobs: [CoreJob], over store: any Store, _ clock: FakeClock
  ) async throws -> Int {
    clock.advance(milliseconds: Inbox.keptMs + 1)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      for job in jobs { group.addTask { try await job.run() } }
      defer { group.cancelAll() }
      var left = try await Self.answers(in: store)
      for _ in 0..<10_000 where left > 0 {
        await Task.yield()
        left = try await Self.answers(in: store)
      }
      return left
    }
  }

  private static func answers(in store: any Store) async throws -> Int {
    try await store.read { try $0.row("SELECT COUNT(*) AS n FROM inbox")?.int("n") } ?? 0
  }
}
