internal import Crypto
internal import DomainModel
internal import Glibc
internal import Logging
internal import Metrics

/// A file with an issuer's public keys, as it was when it was read.
struct WatchedKeyFile: Sendable {
  /// What tells one state of a file from the next without reading it.
  struct Mark: Hashable, Sendable {
    var device: UInt64
    var inode: UInt64
    var size: Int64
    var seconds: Int64
    var nanoseconds: Int64
  }

  let path: String
  let mark: Mark?
  let keys: JSONWebKeySet

  /// Reads the file. Throws `ConfigurationError` where it is not there or has no keys.
  init(_ path: String) throws(ConfigurationError) {
    self.path = path
    // Before the text: what is written meanwhile is read again.
    self.mark = Self.mark(of: path)
    let text = try FileText.read(path, bytesMax: JSONWebKeySet.bytesMax)
    do throws(CryptoError) {
      self.keys = try JSONWebKeySet(json: Array(text.utf8))
    } catch {
      throw ConfigurationError(problems: ["\(path): \(error)"])
    }
  }

  /// The file's present mark; nil where it is not there.
  static func mark(of path: String) -> Mark? {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    return Mark(
      device: UInt64(facts.st_dev), inode: UInt64(facts.st_ino), size: Int64(facts.st_size),
      seconds: Int64(facts.st_mtim.tv_sec), nanoseconds: Int64(facts.st_mtim.tv_nsec))
  }
}

/// Looks whether a key file has changed, and reads it again when it has. A file that cannot be used
/// leaves the keys as they were: who rotates keys and makes a mistake must not turn everybody away.
struct KeyFileWatch: Sendable {
  /// How long it rests between two looks, in milliseconds.
  static let intervalMs: Int64 = 5_000

  private let file: WatchedKeyFile
  private let logger: Logger
  private let time: any TimeSource
  private let pool = BlockingPool()
  private let changed: @Sendable (JSONWebKeySet) -> Void

  /// A watch that tells the keys of each later state of the file.
  init(
    _ file: WatchedKeyFile, logger: Logger, time: any TimeSource,
    changed: @escaping @Sendable (JSONWebKeySet) -> Void
  ) {
    self.file = file
    self.logger = logger
    self.time = time
    self.changed = changed
  }

  /// Runs until its task is cancelled.
  func run() async throws {
    let failures = Counter(label: "token_key_reads_failed")
    let path = self.file.path
    var mark = self.file.mark
    while true {
      try await self.time.sleep(until: self.time.now().adding(milliseconds: Self.intervalMs))
      let seen = mark
      let now = try await self.pool.run { WatchedKeyFile.mark(of: path) }
      guard now != seen else { continue }
      mark = now
      do {
        let read = try await self.pool.run { try WatchedKeyFile(path) }
        mark = read.mark
        self.changed(read.keys)
        let names = read.keys.keyIDs.joined(separator: ", ")
        self.logger.notice("token keys read again", metadata: ["keys": "\(names)"])
      } catch let error as ConfigurationError {
        failures.increment()
        self.logger.error(
          "token keys cannot be read again; those from before still count",
          metadata: ["error": "\(error.problems.joined(separator: "; "))"])
      }
    }
  }
}
