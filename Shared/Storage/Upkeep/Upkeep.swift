public import DomainModel
public import Logging

/// What every service does from time to time so that its tables do not grow for ever: it forgets
/// the answers of calls that nobody may repeat any more.
///
/// One background job a service: `Upkeep(store: store, inbox: inbox, time: time).run()`.
public struct Upkeep: Sendable {
  /// How long it rests between two rounds, in milliseconds: one hour. A round with nothing to do
  /// costs one index search, and a day's worth at once would be felt.
  public static let pauseMs: Int64 = 3_600_000
  /// How long it rests between two steps of a round, in milliseconds, so that calls come between.
  public static let stepPauseMs: Int64 = 50

  private let store: any Store
  private let inbox: Inbox
  private let time: any TimeSource
  private let logger: Logger

  /// The upkeep of one service.
  public init(
    store: any Store, inbox: Inbox, time: any TimeSource,
    logger: Logger = Logger(label: "anju.upkeep")
  ) {
    self.store = store
    self.inbox = inbox
    self.time = time
    self.logger = logger
  }

  /// Runs until the task is cancelled; throws `CancellationError`. A store that is out of order is
  /// met again in the next round.
  public func run() async throws {
    while true {
      do {
        let forgotten = try await self.runOnce()
        if forgotten > 0 {
          self.logger.info("upkeep: answers were forgotten", metadata: ["count": "\(forgotten)"])
        }
      } catch let error where !(error is CancellationError) {
        self.logger.warning("upkeep: the inbox was not purged: \(error)")
      }
      try await self.time.sleep(milliseconds: Self.pauseMs)
    }
  }

  /// One round: bounded steps, each a transaction of its own, until nothing is left to forget.
  /// Returns how many answers were forgotten.
  public func runOnce() async throws -> Int {
    let inbox = self.inbox
    var forgotten = 0
    while true {
      let now = self.time.now()
      let count = try await self.store.write { try inbox.purge($0, now: now) }
      forgotten += count
      if count < Inbox.purgeRowsMax { return forgotten }
      try await self.time.sleep(milliseconds: Self.stepPauseMs)
    }
  }
}
