import DomainModel
import Logging
import Storage
import Testing

@Suite struct UpkeepTests {
  /// Remembers that many calls at the clock's time.
  private static func remember(
    _ count: Int, from first: Int, in store: any Store, _ inbox: Inbox, _ time: FakeTime
  ) async throws {
    let now = time.now()
    try await store.write { transaction in
      for number in first..<(first + count) {
        let call = try InboxCall(
          caller: "service:intake", method: "/m", key: "0123456789abcdef-\(number)",
          fingerprint: [1])
        _ = try inbox.answerOnce(transaction, call, now: now) { [] }
      }
    }
  }

  @Test(arguments: Backend.all)
  func `what is older than thirty days goes in steps, again and again`(
    _ backend: Backend
  ) async throws {
    let time = FakeTime()
    let inbox = Inbox(sealer: FakeSealer())
    try await backend.withStore(Inbox.schema, time: time) { store in
      try await Self.remember(2 * Inbox.purgeRowsMax + 3, from: 0, in: store, inbox, time)
      time.advance(Inbox.keptMs + 1)
      try await Self.remember(5, from: 10_000, in: store, inbox, time)
      let upkeep = Upkeep(store: store, inbox: inbox, time: time, logger: .silent)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          do { try await upkeep.run() } catch is CancellationError {}
        }
        while try await store.count("SELECT key FROM inbox") > 5 {
          time.advance(Upkeep.stepPauseMs)
          await Task.yield()
        }
        time.advance(Inbox.keptMs)
        while try await store.count("SELECT key FROM inbox") > 0 {
          time.advance(Upkeep.pauseMs)
          await Task.yield()
        }
        group.cancelAll()
        try await group.waitForAll()
      }
    }
  }
}
