import DomainModel
import ServiceCore
import Storage

/// Gives changes their positions in the feed, soon after they were committed. Each replica does; a
/// transaction keeps the others waiting, so none gives a position twice.
struct FeedSequencer: Sendable {
  /// The bounds.
  struct Limits: Hashable, Sendable {
    /// How many changes get their positions in one transaction at most.
    var batchMax = 500
    /// How far apart rounds begin at least, in milliseconds: so changes gather while there are
    /// many.
    var gatherMs: Int64 = 20
    /// How long it waits for a signal before it looks anyway, in milliseconds: changes of other
    /// replicas may come without one.
    var pollMs: Int64 = 1_000
  }

  let store: IntakeStore
  let parts: CoreParts
  var limits = Limits()

  /// Runs until its task is cancelled. What a round throws ends the job, which begins again.
  func run() async throws {
    let (signals, time) = (self.parts.store.signals, self.parts.time)
    while true {
      try Task.checkCancellation()
      // Taken before the changes are read, so that one that comes meanwhile is not slept through.
      let mark = signals.mark(IntakeStore.topic)
      if try await self.sequenceAll() > 0 {
        try await time.sleep(until: time.now().adding(milliseconds: self.limits.gatherMs))
      }
      let until = time.now().adding(milliseconds: self.limits.pollMs)
      try await signals.wait(IntakeStore.topic, after: mark, until: until, by: time)
    }
  }

  /// Rounds until nothing waits; returns how many changes got their positions.
  @discardableResult
  func sequenceAll() async throws -> Int {
    var total = 0
    while true {
      let count = try await self.store.sequenceChanges(limit: self.limits.batchMax)
      total += count
      if count < self.limits.batchMax { return total }
    }
  }
}
