internal import DomainModel
internal import Glibc
internal import Logging
internal import Metrics

/// What tells one state of a file from the next without reading it.
struct FileMark: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64
  private let size: Int64
  private let seconds: Int64
  private let nanoseconds: Int64

  /// The file's present mark; nil where it is not there.
  init?(of path: String) {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    self.device = UInt64(facts.st_dev)
    self.inode = UInt64(facts.st_ino)
    self.size = Int64(facts.st_size)
    self.seconds = Int64(facts.st_mtim.tv_sec)
    self.nanoseconds = Int64(facts.st_mtim.tv_nsec)
  }
}

/// Looks whether files have changed, and has them read again when they have. What cannot be used
/// leaves everything as it was: who rotates keys and makes a mistake must not stop a service. It is
/// tried again at each look, and told once.
struct FileWatch: Sendable {
  /// How long it rests between two looks, in milliseconds.
  static let intervalMs: Int64 = 5_000

  /// The watched files.
  struct Files: Sendable {
    /// What they hold, for the log: `token keys`.
    let what: String
    let paths: [String]
    let marks: [FileMark?]

    /// Files that are about to be read for the first time: what is written meanwhile is read again.
    init(of what: String, _ paths: [String]) {
      self.what = what
      self.paths = paths
      self.marks = paths.map(FileMark.init(of:))
    }
  }

  let files: Files
  let logger: Logger
  let time: any TimeSource
  /// Reads them and goes on with what they say; returns the names of what was read.
  let read: @Sendable () async throws -> String

  /// Runs until its task is cancelled.
  func run() async throws {
    // `token keys` are counted as `token_key_reads_failed`.
    let name = self.files.what.dropLast().split(separator: " ").joined(separator: "_")
    let failures = Counter(label: "\(name)_reads_failed")
    let pool = BlockingPool()
    let paths = self.files.paths
    var marks = self.files.marks
    var told: String?
    while true {
      try await self.time.sleep(milliseconds: Self.intervalMs)
      // Before the reading: what is written meanwhile is read again.
      let now = try await pool.run { paths.map(FileMark.init(of:)) }
      if now == marks { continue }
      do {
        let names = try await self.read()
        marks = now
        told = nil
        self.logger.notice("\(self.files.what) read again", metadata: ["keys": "\(names)"])
      } catch let error where !(error is CancellationError) {
        failures.increment()
        if told == "\(error)" { continue }
        told = "\(error)"
        self.logger.error(
          "\(self.files.what) cannot be read again; those from before still count",
          metadata: ["error": "\(error)"])
      }
    }
  }
}
