import DomainModel
import Storage
import Synchronization

/// How many entries wait for their leaves, the oldest of them, and how big the tree is.
struct LogDepth: Hashable, Sendable {
  var waiting: Int
  /// The number of the entry that waits longest; nil where none does.
  var oldest: Int64?
  var size: Int
}

/// How far the sequencer is behind, from one look to the next.
///
/// An entry bears the legal instant of its change, which may be long past when it is written, so
/// its age is counted from when it was first seen to wait.
final class LogLag: Sendable {
  private struct Waiting {
    var oldest: Int64
    var since: Timestamp
  }

  private let state = Mutex<Waiting?>(nil)

  /// How long the oldest entry has been seen to wait, in milliseconds, up to this look at an
  /// instant.
  func seen(_ depth: LogDepth, at now: Timestamp) -> Int64 {
    self.state.withLock { state in
      guard let oldest = depth.oldest else {
        state = nil
        return 0
      }
      if state?.oldest != oldest { state = Waiting(oldest: oldest, since: now) }
      return max(0, now.milliseconds - (state?.since ?? now).milliseconds)
    }
  }
}

extension LogTable {
  /// How far the tree is behind the entries. Counting takes as long as there are entries waiting.
  func depth(_ snapshot: Snapshot) throws -> LogDepth {
    let row = try snapshot.row(
      "SELECT COUNT(*) AS waiting, MIN(id) AS oldest FROM log_entry WHERE leaf_index IS NULL")
    let oldest: Int64? = try row?.optional("oldest")
    return LogDepth(
      waiting: try row?.int("waiting") ?? 0, oldest: oldest, size: try self.size(snapshot))
  }
}
