import Synchronization

/// What a store's writer has done since it was opened.
public struct SQLiteStatistics: Hashable, Sendable {
  /// How many transactions were committed.
  public var commits = 0
  /// How many closures they held: `writes / commits` is the mean group.
  public var writes = 0
  /// How many groups the engine rolled back as a whole, so that their members ran again.
  public var groupsLost = 0
}

/// Counts for the writer, read by anybody.
final class StatisticsCounter: Sendable {
  private let counts = Mutex(SQLiteStatistics())

  var now: SQLiteStatistics { self.counts.withLock { $0 } }

  func committed(_ writes: Int) {
    self.counts.withLock {
      $0.commits += 1
      $0.writes += writes
    }
  }

  func lostGroup() {
    self.counts.withLock { $0.groupsLost += 1 }
  }
}
