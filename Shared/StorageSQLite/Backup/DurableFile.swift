import Crypto
import Glibc
import Storage

/// Files that must be on the disk, whole, before something else may happen.
enum DurableFile {
  /// How many bytes are copied at once.
  private static let partBytes = 1 << 20

  /// What a file holds, as a manifest says it.
  struct Contents: Hashable {
    var bytes: Int64
    var sha256: String
  }

  /// Whether something of that name is there.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Removes a file, if it is there.
  static func remove(_ path: String) { unlink(path) }

  /// Gives a file another name, over whatever has it, and puts that on the disk.
  static func rename(_ path: String, to name: String) throws {
    if Glibc.rename(path, name) != 0 { throw self.failure(name, "be written") }
    try self.syncFolder(of: name)
  }

  /// Makes a folder for its owner only; one that is there stays as it is.
  static func makeFolder(_ path: String) throws {
    if mkdir(path, 0o700) != 0 && errno != EEXIST { throw self.failure(path, "be made") }
  }

  /// Puts a file's bytes on the disk, and its name.
  static func sync(_ path: String) throws {
    try self.withDescriptor(path, O_RDONLY) { descriptor in
      if fsync(descriptor) != 0 { throw self.failure(path, "be synced") }
    }
    try self.syncFolder(of: path)
  }

  /// Writes a small file, whole or not at all.
  static func write(_ text: String, to path: String) throws {
    let draft = path + ".part"
    try self.withDescriptor(draft, O_WRONLY | O_CREAT | O_TRUNC) { descriptor in
      try self.write(Array(text.utf8), to: descriptor, draft)
      if fsync(descriptor) != 0 { throw self.failure(draft, "be synced") }
    }
    try self.rename(draft, to: path)
  }

  /// The bytes of a small file, at most `bytesMax`.
  static func read(_ path: String, bytesMax: Int) throws -> [UInt8] {
    try self.withDescriptor(path, O_RDONLY) { descriptor in
      var bytes: [UInt8] = []
      while let part = try self.readPart(of: descriptor, path) {
        bytes += part
        if bytes.count > bytesMax {
          throw StorageError.corrupt("\(path) has more than \(bytesMax) bytes")
        }
      }
      return bytes
    }
  }

  /// What a file holds; with `copy`, also written there, and synced.
  static func contents(of path: String, copy: String? = nil) throws -> Contents {
    try self.withDescriptor(path, O_RDONLY) { source in
      guard let copy else { return try self.drain(source, path) { _ in } }
      return try self.withDescriptor(copy, O_WRONLY | O_CREAT | O_TRUNC) { target in
        let contents = try self.drain(source, path) { try self.write($0, to: target, copy) }
        if fsync(target) != 0 { throw self.failure(copy, "be synced") }
        return contents
      }
    }
  }

  private static func drain(
    _ descriptor: Int32, _ path: String, _ each: ([UInt8]) throws -> Void
  ) throws -> Contents {
    let digest = try RunningDigest(.sha256)
    var bytes: Int64 = 0
    while let part = try self.readPart(of: descriptor, path) {
      try digest.update(part)
      try each(part)
      bytes += Int64(part.count)
    }
    return Contents(bytes: bytes, sha256: Hex.encode(try digest.finish()))
  }

  private static func readPart(of descriptor: Int32, _ path: String) throws -> [UInt8]? {
    var part = [UInt8](repeating: 0, count: self.partBytes)
    var count = -1
    repeat { count = Glibc.read(descriptor, &part, part.count) } while count < 0 && errno == EINTR
    if count < 0 { throw self.failure(path, "be read") }
    return count == 0 ? nil : Array(part.prefix(count))
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(
          descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { throw self.failure(path, "be written") }
      written += count
    }
  }

  private static func syncFolder(of path: String) throws {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    try self.withDescriptor(folder, O_RDONLY | O_DIRECTORY) { descriptor in
      if fsync(descriptor) != 0 { throw self.failure(folder, "be synced") }
    }
  }

  private static func withDescriptor<Value>(
    _ path: String, _ flags: Int32, _ body: (Int32) throws -> Value
  ) throws -> Value {
    let descriptor = open(path, flags | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw self.failure(path, "be opened") }
    defer { close(descriptor) }
    return try body(descriptor)
  }

  private static func failure(_ path: String, _ what: String) -> StorageError {
    let code = errno
    let reason = "\(path) cannot \(what): \(String(cString: strerror(code)))"
    switch code {
    case ENOSPC, EDQUOT: return .full("\(reason): make room")
    case EACCES, EPERM, EROFS: return .readOnly("\(reason): give this user the right to")
    case ENOENT, ENOTDIR: return .cannotOpen("\(reason): look at the path")
    default: return .unavailable("\(reason): look at the disk and the system log")
    }
  }
}
