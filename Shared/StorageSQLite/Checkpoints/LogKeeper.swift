import Storage
import StorageEngine

/// How far a checkpoint came.
struct LogState: Hashable, Sendable {
  /// How many pages the log had when it began.
  var pages: Int32
  /// How many of them, from the first on, are in the database by now.
  var copiedPages: Int32

  var isWhole: Bool { self.copiedPages == self.pages }
}

/// Keeps the write-ahead log from growing without bound, so that as few callers as possible wait:
///
/// 1. from `checkpointPages` on, the checkpointer's thread copies the log while writes go on;
/// 2. once at most `checkpointRestPages` are left, or a 64th of the log, the writer copies these
///    itself, so that its next write starts the log over;
/// 3. past `walPagesMax` (somebody looks at an old state, or the disk is slower than the callers)
///    the writer copies all that is left and waits for readers, `checkpointBusyMs` at most; but not
///    while the file is looked through for damage, which takes longer: the log grows meanwhile.
///
/// Without a checkpointer (a store without threads) the writer does all of it. Used by the writer's
/// thread only.
final class LogKeeper {
  private let connection: SQLiteConnection
  private let checkpointer: Checkpointer?
  private let options: SQLiteOptions
  private let report: CheckpointReport
  /// Whether the file is looked through for damage.
  private let isBeingChecked: () -> Bool
  /// At how many pages the next step of each kind may be tried: one that did not help is not
  /// repeated with each commit.
  private var nextPass: Int32 = 0
  private var nextRest: Int32 = 0
  private var nextForced: Int32
  /// Whether the checkpointer has begun on this log; before, it speaks of the one before.
  private var hasBegun = false
  /// Which part of a long log the writer copies itself.
  private static let restShare: Int32 = 64

  init(
    _ connection: SQLiteConnection, _ checkpointer: Checkpointer?, _ options: SQLiteOptions,
    _ report: CheckpointReport, isBeingChecked: @escaping () -> Bool
  ) {
    self.isBeingChecked = isBeingChecked
    self.connection = connection
    self.checkpointer = checkpointer
    self.options = options
    self.report = report
    self.nextForced = options.walPagesMax
  }

  /// Called after each group, with no transaction open.
  func keepShort() {
    let pages = self.connection.walPages
    self.report.log(pages: pages)
    if pages < self.options.checkpointPages {
      (self.nextPass, self.nextRest, self.nextForced) = (0, 0, self.options.walPagesMax)
      self.hasBegun = false
      return
    }
    let isForced = pages >= self.nextForced && !self.isBeingChecked()
    guard let checkpointer = self.checkpointer else {
      if isForced || pages >= self.nextRest { self.finish(pages, isForced: isForced) }
      return
    }
    guard case .resting(let copied) = checkpointer.now else {
      // A pass that is under way is about to end, unless the disk stands still.
      if isForced && pages >= self.nextForced + self.options.walPagesMax {
        self.finish(pages, isForced: true)
      }
      return
    }
    if isForced { return self.finish(pages, isForced: true) }
    if self.hasBegun && pages - copied <= self.restPages(of: pages) {
      if pages >= self.nextRest { self.finish(pages, isForced: false) }
    } else if pages >= self.nextPass {
      self.hasBegun = true
      self.nextPass = pages + self.options.checkpointRestPages
      checkpointer.begin()
    }
  }

  /// How many pages the writer copies itself: more, the longer the log has become, because then the
  /// callers write faster than the thread can come near.
  private func restPages(of pages: Int32) -> Int32 {
    max(self.options.checkpointRestPages, pages / Self.restShare)
  }

  /// The writer's own checkpoint.
  private func finish(_ pages: Int32, isForced: Bool) {
    self.nextRest = pages + self.options.checkpointRestPages
    let pass = Result {
      try self.connection.checkpoint(mustRestart: isForced, self.options)
    }
    self.report.pass(pass)
    guard isForced, (try? pass.get().isWhole) != true else { return }
    self.nextForced = pages + self.options.walPagesMax
    self.report.logGrows(pages: pages)
  }
}
