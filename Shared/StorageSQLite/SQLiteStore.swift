import CSQLite
public import DomainModel
public import Logging
public import Storage
import StorageEngine
import Synchronization

/// A store in a SQLite file: one writer with group commit, readers on snapshots, write-ahead log,
/// every commit on the disk before it is acknowledged.
///
/// One process has the file at a time; a second one is refused when it opens it.
public final class SQLiteStore: Store {
  /// Who waits for which topic; signalled after each commit.
  public let signals = SignalHub()
  /// True: the file is locked for this process.
  public let isExclusive = true
  /// The file's path.
  public let name: String
  private let faults: FaultLog
  let writer: any WriterQueue
  let time: any TimeSource
  let backupPages: Int32
  let isBackingUp = Atomic(false)
  private let readers: ReaderPool?
  private let checkpointer: Checkpointer?
  private let check: BackgroundCheck?
  private let fileLock: FileLock?
  private let counter = StatisticsCounter()

  /// Opens or makes a store. Throws `StorageError` with a sentence that names the file and says
  /// what to do: no folder, no right, a file that is no database, another process that has it.
  ///
  /// `time` is the database's clock (`databaseNow`).
  public init(
    _ location: SQLiteLocation, options: SQLiteOptions = SQLiteOptions(), time: any TimeSource,
    logger: Logger
  ) throws {
    Self.configureOnce
    (self.time, self.backupPages) = (time, options.backupPages)
    self.name = location.name
    let faults = FaultLog(logger)
    var fileLock: FileLock?
    if case .file(let path) = location {
      fileLock = try FileLock(path, waitMs: options.busyMs)
      try Restore.refuseUnfinished(path)
    }
    let connection = try SQLiteConnection(location, options, time: time)
    try connection.prepareToWrite(options)
    let isLarge = try connection.fileBytes() > options.checkedBytesMax
    if !isLarge { try IntegrityCheck.run(on: connection, how: .quick) }
    let report = CheckpointReport(faults, self.counter)
    if fileLock == nil || options.isInline {
      // A database in memory belongs to its connection, so its reads go through the writer too.
      self.readers = nil
      self.checkpointer = nil
      self.check = nil
    } else {
      self.readers = try Self.readers(of: location, options, time: time, faults)
      let own = try SQLiteConnection(location, options, time: time)
      try own.prepareToCheckpoint(options)
      self.checkpointer = Checkpointer(own, options) { report.pass($0) }
      self.check =
        isLarge
        ? BackgroundCheck(try SQLiteConnection(location, options, time: time), faults) : nil
    }
    let check = self.check
    let keeper = LogKeeper(connection, self.checkpointer, options, report) {
      check?.isUnderWay ?? false
    }
    let writer = SQLiteWriter(connection, keeper, faults, self.signals, self.counter)
    self.faults = faults
    self.fileLock = fileLock
    self.writer =
      options.isInline
      ? InlineWriter(writer) : ThreadedWriter(writer, options, time: time, self.counter)
  }

  private static func readers(
    of location: SQLiteLocation, _ options: SQLiteOptions, time: any TimeSource, _ faults: FaultLog
  ) throws -> ReaderPool {
    let readers = try (0..<max(1, options.readersMax)).map { _ in
      let connection = try SQLiteConnection(location, options, time: time)
      try connection.prepareToRead(options)
      return SQLiteReader(connection, faults)
    }
    return ReaderPool(readers, options)
  }

  deinit {
    self.readers?.beginClosing()
    self.writer.beginClosing()
    self.checkpointer?.beginClosing()
    self.check?.beginClosing()
  }

  /// What the writer has done since the store was opened.
  public var statistics: SQLiteStatistics { self.counter.now }

  /// How many writes wait for the writer.
  public var waitingWrites: Int { self.writer.waitingCount }

  /// Why the store cannot write, else why it cannot read; nil again after the next commit that
  /// changed something, or the next read. A damaged file stays a fault until the store is restored.
  public var fault: StorageError? { self.faults.fault }

  /// Runs the closure in a transaction, in one commit with others that wait.
  @discardableResult
  public func write<Value: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value {
    try Task.checkCancellation()
    return try await self.writer.submit(.writing(body))
  }

  /// Runs the closure on a snapshot; a read whose task is cancelled is interrupted.
  public func read<Value: Sendable>(
    _ body: @escaping @Sendable (Snapshot) throws -> Value
  ) async throws -> Value {
    try Task.checkCancellation()
    if let readers = self.readers { return try await readers.submit(.reading(body)) }
    return try await self.writer.submit(.reading(body))
  }

  /// Refuses new closures, runs those that wait, copies the log into the file and lets go of it.
  public func close() async {
    await self.check?.close()
    await self.readers?.close()
    await self.writer.close()
    await self.checkpointer?.close()
    self.fileLock?.release()
  }

  /// SQLite's own settings, for the whole process; they must stand before the first connection.
  private static let configureOnce: Void = {
    _ = anju_sqlite3_count_no_memory()
    _ = anju_sqlite3_keep_statement_journals_in_memory()
  }()
}
