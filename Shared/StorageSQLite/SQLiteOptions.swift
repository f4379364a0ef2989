/// Where a SQLite store lives.
public enum SQLiteLocation: Hashable, Sendable {
  /// A file; its folder must exist. SQLite keeps `-wal`, `-shm` and we a `.lock` beside it.
  case file(String)
  /// In memory, gone when the store is closed. For tests.
  case memory

  /// The name for people: the path, or `memory`.
  public var name: String {
    switch self {
    case .file(let path): path
    case .memory: "memory"
    }
  }
}

/// The bounds and modes of a SQLite store.
public struct SQLiteOptions: Hashable, Sendable {
  /// Whether closures run in the caller, one at a time, without threads: for simulation, where the
  /// order of everything must be the same each time.
  public var isInline = false
  /// Whether a commit is on the disk before it is acknowledged. False only for a store that is made
  /// anew as a whole and thrown away if that is cut short: whoever makes it syncs the closed file.
  public var isDurable = true
  /// How many writes may wait; more are refused with `OVERLOADED`.
  public var waitingWritesMax = 4_096
  /// How many writes share one commit at most.
  public var groupMax = 512
  /// How many readers, each with a thread and a connection, there are at most.
  public var readersMax = 2
  /// How many reads may wait; more are refused with `OVERLOADED`.
  public var waitingReadsMax = 4_096
  /// How many prepared statements a connection keeps.
  public var statementsMax = 256
  /// How long to wait for a file that another process has locked, in milliseconds.
  public var busyMs: Int32 = 5_000
  /// After how many pages of 4 KiB the write-ahead log is copied into the database, on a thread of
  /// its own.
  public var checkpointPages: Int32 = 4_000
  /// How many pages of it the writer copies itself, so that the log can start over; callers wait
  /// meanwhile.
  public var checkpointRestPages: Int32 = 64
  /// At how many pages the writer copies all that is left and waits for readers.
  public var walPagesMax: Int32 = 16_000
  /// How long the writer then waits for them, in milliseconds; callers wait as long.
  public var checkpointBusyMs: Int32 = 100
  /// How much memory the writer's page cache takes at most, in KiB.
  public var writerCacheKiB = 8_192
  /// How much memory each reader's page cache takes at most, in KiB.
  public var readerCacheKiB = 1_024
  /// Up to how many bytes a file is looked through for damage before it is opened, which takes 1 s
  /// for 1 GB that is in memory; a larger one is looked through while it is used.
  public var checkedBytesMax: Int64 = 256 << 20
  /// How many pages one step of a backup copies; each write waits for one step at most.
  public var backupPages: Int32 = 128
  /// Which of SQLite's file systems; nil is the operating system's. Tests have one that fails.
  var fileSystem: String?

  /// The defaults.
  public init() {}
}
