import Metrics
import Storage
import StorageEngine
import Synchronization

/// Tells of checkpoints and of the log's length: to the metrics, to the statistics, and where one
/// fails, to the log, once until one succeeds again.
final class CheckpointReport: Sendable {
  private let faults: FaultLog
  private let statistics: StatisticsCounter
  private let isFailing = Mutex(false)
  private let logBytes = Gauge(label: "anju_store_wal_bytes")
  private let passes = Counter(label: "anju_store_checkpoints")
  private let failures = Counter(label: "anju_store_checkpoint_failures")
  private let copiedAtOnce = Gauge(label: "anju_store_checkpoint_pages")

  /// A page in the log has a header of 24 bytes.
  private static let pageBytes = 4_096 + 24

  init(_ faults: FaultLog, _ statistics: StatisticsCounter) {
    self.faults = faults
    self.statistics = statistics
  }

  /// How long the log is after a commit.
  func log(pages: Int32) {
    self.logBytes.record(Int(pages) * Self.pageBytes)
    self.statistics.log(pages: Int(pages))
  }

  /// How a checkpoint went. One that fails loses nothing: the log keeps what it had to copy.
  func pass(_ pass: Result<LogState, any Error>) {
    switch pass {
    case .success(let state):
      self.passes.increment()
      self.copiedAtOnce.record(Int(state.copiedPages))
      self.statistics.checkpointed()
      self.isFailing.withLock { $0 = false }
    case .failure(let error):
      self.failures.increment()
      let isNew = self.isFailing.withLock { isFailing in
        defer { isFailing = true }
        return !isFailing
      }
      if isNew {
        self.faults.warn("the write-ahead log cannot be copied into the database: \(error)")
      }
    }
  }

  func logGrows(pages: Int32) {
    self.faults.warn(
      "the write-ahead log has \(pages) pages; a long read, or a slow disk, keeps it from shrinking"
    )
  }
}
