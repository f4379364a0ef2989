import Glibc

/// The file delivered messages are appended to, and which ids stand in it. Several processes may
/// append to one file: each locks it for as long as it looks what the others have appended and
/// appends its own. Everything here blocks: it is called on the gateway's own thread, and by `init`
/// before there is one.
final class MessageFile {
  /// How long it waits between two looks whether the other is done, in milliseconds.
  private static let lockPauseMs = 2
  /// How much of the file is read at a time.
  private static let chunkBytes = 65_536

  private let path: String
  private let descriptor: Int32
  private let lockWaitMsMax: Int
  /// Up to where the file is known here: whole lines that are on stable storage.
  private var durableBytes: Int64 = 0
  /// Whether something of ours may stand behind `durableBytes` that is to be cut off first.
  private var hasTail = false
  /// Hashes of the ids in the file, 16 bytes of memory or so each; a hit is looked up in the file.
  private var known: Set<UInt64> = []

  /// Opens or makes the file, cuts off a last line that a crash left half written, and reads which
  /// messages it holds. Throws where it cannot, or where another process has it locked for longer
  /// than `lockWaitMsMax`.
  init(path: String, lockWaitMsMax: Int) throws(MessageFileError) {
    self.path = path
    self.lockWaitMsMax = lockWaitMsMax
    let flags = O_RDWR | O_CREAT | O_CLOEXEC
    self.descriptor = open(path, flags, 0o600)
    guard self.descriptor >= 0 else { throw MessageFileError("open", path, errno) }
    try self.locked {}
    try self.syncFolder()
  }

  deinit {
    if self.descriptor >= 0 { close(self.descriptor) }
  }

  /// Runs `body` while no other process appends, knowing all that stands in the file.
  func locked(
    _ body: () throws(MessageFileError) -> Void
  ) throws(MessageFileError) {
    try self.lock()
    // Others would take a tail for lines that are delivered, so it stays ours until it is cut off.
    defer { if !self.hasTail { flock(self.descriptor, LOCK_UN) } }
    if self.hasTail { try self.cutTail() }
    try self.catchUp()
    try body()
  }

  private func lock() throws(MessageFileError) {
    var waitedMs = 0
    while flock(self.descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR, waitedMs < self.lockWaitMsMax else {
        throw MessageFileError("lock (another process has it)", self.path, errno)
      }
      usleep(useconds_t(Self.lockPauseMs * 1_000))
      waitedMs += Self.lockPauseMs
    }
  }

  /// Reads what has been appended since, by others or before this process, and cuts off what a
  /// crash left half written. A file that somebody has shortened is read anew.
  private func catchUp() throws(MessageFileError) {
    var status = stat()
    guard fstat(self.descriptor, &status) == 0 else {
      throw MessageFileError("examine", self.path, errno)
    }
    let size = Int64(status.st_size)
    if size == self.durableBytes { return }
    if size < self.durableBytes {
      self.durableBytes = 0
      self.known = []
    }
    self.durableBytes = try self.readLines(from: self.durableBytes, upTo: size) { line in
      if let id = MessageLine.messageID(in: line) { self.known.insert(Self.hash(id)) }
      return true
    }
    // Whoever wrote the lines may have died before they were on stable storage.
    try self.cutTail()
  }

  /// Whether a message stands in the file.
  func holds(_ messageID: String) throws(MessageFileError) -> Bool {
    guard self.known.contains(Self.hash(messageID)) else { return false }
    var isThere = false
    _ = try self.readLines(from: 0, upTo: self.durableBytes) { line in
      isThere = MessageLine.messageID(in: line) == messageID
      return !isThere
    }
    return isThere
  }

  /// Appends lines and returns once they are on stable storage; call it `locked`. On an error none
  /// of them is in the file: what was written is cut off again.
  func append(_ lines: [UInt8], ids: Set<String>) throws(MessageFileError) {
    self.hasTail = true
    do throws(MessageFileError) {
      try self.write(lines)
      guard fsync(self.descriptor) == 0 else { throw MessageFileError("fsync", self.path, errno) }
    } catch {
      // If this fails too, the next append begins with it.
      try? self.cutTail()
      throw error
    }
    self.durableBytes += Int64(lines.count)
    self.hasTail = false
    for id in ids { self.known.insert(Self.hash(id)) }
  }

  private func write(_ bytes: [UInt8]) throws(MessageFileError) {
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes { buffer in
        pwrite(
          self.descriptor, buffer.baseAddress?.advanced(by: done), bytes.count - done,
          off_t(self.durableBytes) + off_t(done))
      }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw MessageFileError("write", self.path, errno) }
      done += written
    }
  }

  /// Cuts off whatever follows the last whole line, and has the lines on stable storage.
  private func cutTail() throws(MessageFileError) {
    guard ftruncate(self.descriptor, off_t(self.durableBytes)) == 0,
      fsync(self.descriptor) == 0
    else { throw MessageFileError("truncate", self.path, errno) }
    self.hasTail = false
  }

  /// Hands over each whole line between two places, without its newline, until the body answers
  /// false. Returns where the last line handed over ends.
  private func readLines(
    from start: Int64, upTo end: Int64, _ body: (ArraySlice<UInt8>) -> Bool
  ) throws(MessageFileError) -> Int64 {
    var pending: [UInt8] = []
    var offset = start
    var chunk = [UInt8](repeating: 0, count: Self.chunkBytes)
    while offset < end {
      let wanted = Int(min(Int64(Self.chunkBytes), end - offset))
      let count = chunk.withUnsafeMutableBytes {
        pread(self.descriptor, $0.baseAddress, wanted, off_t(offset))
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw MessageFileError("read", self.path, errno) }
      if count == 0 { break }
      offset += Int64(count)
      pending += chunk[..<count]
      var rest = pending[...]
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        let line = rest[..<end]
        rest = rest[(end + 1)...]
        if !body(line) { return offset - Int64(rest.count) }
      }
      pending = Array(rest)
    }
    return offset - Int64(pending.count)
  }

  /// Makes the file's name durable too.
  private func syncFolder() throws(MessageFileError) {
    let slash = self.path.lastIndex(of: "/")
    let folder = slash.map { $0 == self.path.startIndex ? "/" : String(self.path[..<$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw MessageFileError("open", folder, errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw MessageFileError("fsync", folder, errno) }
  }

  /// FNV-1a, 64 bits.
  private static func hash(_ id: String) -> UInt64 {
    id.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }
}

/// Why the message file cannot be used: what was tried, on which file, and the system's reason.
public struct MessageFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The sentence; no personal data.
  public let description: String

  init(_ action: String, _ path: String, _ code: Int32) {
    self.description = "\(path): cannot \(action): \(String(cString: strerror(code)))"
  }
}
