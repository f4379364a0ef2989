import Metrics
import Synchronization

/// What a store's writer has done since it was opened.
public struct SQLiteStatistics: Hashable, Sendable {
  /// How many transactions were committed.
  public var commits = 0
  /// How many closures they held: `writes / commits` is the mean group.
  public var writes = 0
  /// How many groups the engine rolled back as a whole, so that their members ran again.
  public var groupsLost = 0
  /// How often the write-ahead log was copied into the database, in parts or whole.
  public var checkpoints = 0
  /// How many pages of 4 KiB the log had at most after a commit.
  public var logPagesHighest = 0
}

/// Counts for the writer, read by anybody.
final class StatisticsCounter: Sendable {
  private let counts = Mutex(SQLiteStatistics())
  private let commits = Counter(label: "anju_store_commits")
  private let writes = Counter(label: "anju_store_writes")
  private let groupsLost = Counter(label: "anju_store_groups_lost")
  private let busyMs = Counter(label: "anju_store_writer_busy_ms")

  var now: SQLiteStatistics { self.counts.withLock { $0 } }

  func committed(_ writes: Int) {
    self.counts.withLock {
      $0.commits += 1
      $0.writes += writes
    }
    self.commits.increment()
    self.writes.increment(by: writes)
  }

  func checkpointed() {
    self.counts.withLock { $0.checkpoints += 1 }
  }

  func log(pages: Int) {
    self.counts.withLock { $0.logPagesHighest = max($0.logPagesHighest, pages) }
  }

  /// The writer was at it for so long.
  func worked(ms: Int64) {
    if ms > 0 { self.busyMs.increment(by: ms) }
  }

  func lostGroup() {
    self.counts.withLock { $0.groupsLost += 1 }
    self.groupsLost.increment()
  }
}
