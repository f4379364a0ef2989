import Synchronization

/// What a store has done since it was opened.
public struct PostgresStatistics: Hashable, Sendable {
  /// How many transactions were committed.
  public var commits = 0
  /// How often a closure ran again because it had met another transaction.
  public var conflicts = 0
  /// How often a closure ran again because its connection was lost before the commit.
  public var reruns = 0
  /// How many connections were made.
  public var connects = 0
}

/// Counts for the threads of a store, read by anybody.
final class StatisticsCounter: Sendable {
  private let counts = Mutex(PostgresStatistics())

  var now: PostgresStatistics { self.counts.withLock { $0 } }

  func count(_ change: (inout PostgresStatistics) -> Void) {
    self.counts.withLock { change(&$0) }
  }
}
