internal import DomainModel
public import Storage

/// Gives changes their positions in a feed, soon after they were committed. Each replica does; a
/// transaction keeps the others waiting, so none gives a position twice.
public struct FeedSequencer: Sendable {
  /// The bounds.
  public struct Limits: Hashable, Sendable {
    /// How many changes get their positions in one transaction at most.
    public var batchMax = 500
    /// How far apart rounds begin at least, in milliseconds: so changes gather while there are
    /// many.
    public var gatherMs: Int64 = 20
    /// How long it waits for a signal before it looks anyway, in milliseconds: changes of other
    /// replicas may come without one.
    public var pollMs: Int64 = 1_000

    /// The defaults.
    public init() {}
  }

  /// Gives positions to at most so many changes that have none, in one transaction; returns how
  /// many got one.
  public typealias Sequencing = @Sendable (_ limit: Int) async throws -> Int

  private let topic: Topic
  private let parts: CoreParts
  private let limits: Limits
  private let sequence: Sequencing

  /// The sequencer of a feed whose changes signal the topic when they are committed.
  public init(
    after topic: Topic, of parts: CoreParts, limits: Limits = Limits(),
    _ sequence: @escaping Sequencing
  ) {
    self.topic = topic
    self.parts = parts
    self.limits = limits
    self.sequence = sequence
  }

  /// Runs until its task is cancelled. What a round throws ends the job, which begins again.
  public func run() async throws {
    let (signals, time) = (self.parts.store.signals, self.parts.time)
    while true {
      try Task.checkCancellation()
      // Taken before the changes are read, so that one that comes meanwhile is not slept through.
      let mark = signals.mark(self.topic)
      if try await self.sequenceAll() > 0 {
        try await time.sleep(until: time.now().adding(milliseconds: self.limits.gatherMs))
      }
      let until = time.now().adding(milliseconds: self.limits.pollMs)
      try await signals.wait(self.topic, after: mark, until: until, by: time)
    }
  }

  /// Rounds until nothing waits; returns how many changes got their positions.
  @discardableResult
  public func sequenceAll() async throws -> Int {
    var total = 0
    while true {
      let count = try await self.sequence(self.limits.batchMax)
      total += count
      if count < self.limits.batchMax { return total }
    }
  }
}
