import Storage
import StorageEngine
import Synchronization

/// Copies the write-ahead log into the database on a thread and a connection of its own, while
/// writes go on: 16 MB and their fsync take 10 to 30 ms, which otherwise every caller would wait.
///
/// It cannot have the log start over, because new pages arrive while it copies: the writer copies
/// the last few itself (`LogKeeper`).
final class Checkpointer: Sendable {
  /// What the thread is at.
  enum Progress {
    case running
    /// It rests. `copied`: up to which page of the log its last pass came.
    case resting(copied: Int32)
  }

  private let queue = WorkQueue<Void>(waitingMax: 1)
  private let progress: ProgressCell
  private let thread: WorkerThread

  /// Shared with the thread, which must not keep the checkpointer itself alive.
  private final class ProgressCell: Sendable {
    let value = Mutex(Progress.resting(copied: 0))
  }

  /// Starts the thread; it owns the connection from now on. `onPass` hears how each pass went.
  init(
    _ connection: SQLiteConnection, _ options: SQLiteOptions,
    onPass: @escaping @Sendable (Result<LogState, any Error>) -> Void
  ) {
    let (queue, progress) = (self.queue, ProgressCell())
    let handed = Handed(value: connection)
    self.progress = progress
    self.thread = WorkerThread {
      while queue.take(limit: 1) != nil {
        let pass = Result { try handed.value.checkpoint(mustRestart: false, options) }
        onPass(pass)
        let copied = (try? pass.get().copiedPages) ?? 0
        progress.value.withLock { $0 = .resting(copied: copied) }
      }
      handed.value.close()
    }
  }

  /// Where it stands.
  var now: Progress { self.progress.value.withLock { $0 } }

  /// Begins a pass, unless one is under way.
  func begin() {
    let mayBegin = self.progress.value.withLock { progress in
      guard case .resting = progress else { return false }
      progress = .running
      return true
    }
    // Refused only when it is closed; then nobody asks again.
    if mayBegin { _ = self.queue.add(()) }
  }

  /// Ends the pass that is under way and lets go of the file.
  func close() async {
    self.queue.close()
    await self.thread.waitUntilEnded()
  }

  func beginClosing() {
    self.queue.close()
  }
}
