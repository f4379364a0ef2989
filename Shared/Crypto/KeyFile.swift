internal import Glibc

/// A file that only its owner can read, in a directory that only its owner can enter. Written once
/// and whole: after a crash it is there with all its bytes, or not at all.
struct KeyFile {
  /// The most bytes of a key file; real ones have a few hundred.
  static let bytesMax = 16_384

  let directory: String
  let name: String

  var path: String { "\(self.directory)/\(self.name)" }

  /// Whether there is something under the name.
  var exists: Bool { access(self.path, F_OK) == 0 }

  /// The bytes. Throws if the file is not there, is not a plain file, or others may read it.
  func read() throws(CryptoError) -> [UInt8] {
    let descriptor = Glibc.open(self.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    if descriptor < 0 {
      if errno == ENOENT { throw .keyFileMissing(path: self.path) }
      throw self.systemError("open")
    }
    defer { close(descriptor) }
    var status = stat()
    if fstat(descriptor, &status) != 0 { throw self.systemError("examine") }
    if status.st_mode & S_IFMT != S_IFREG { throw self.unfit("it is not a plain file") }
    if status.st_mode & 0o077 != 0 { throw self.unfit("others may read it; chmod 600") }
    if status.st_size > Self.bytesMax { throw self.unfit("it is too big") }
    var bytes = [UInt8](repeating: 0, count: Self.bytesMax)
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
      }
      if got < 0 && errno == EINTR { continue }
      if got < 0 { throw self.systemError("read") }
      if got == 0 { break }
      count += got
    }
    return Array(bytes[..<count])
  }

  /// Writes the file, unless there is one. Of several processes that do so at once, one's bytes
  /// stand there for all: whoever goes on reads them. A start that is cut short may leave a draft,
  /// `<name>.` and six letters, which nothing reads.
  func make(_ bytes: [UInt8]) throws(CryptoError) {
    try self.makeDirectory()
    let letters = String(repeating: "X", count: 6)
    var draft = Array("\(self.path).\(letters)".utf8CString)
    let descriptor = mkstemp(&draft)
    if descriptor < 0 { throw self.systemError("create") }
    defer { unlink(draft) }
    let problem = self.write(bytes, to: descriptor)
    close(descriptor)
    if let problem { throw problem }
    // A link fails where the name is taken; a rename would put the new key in the old one's place.
    if link(draft, self.path) != 0 && errno != EEXIST { throw self.systemError("name") }
    // Also for another's file: nothing may be sealed under a key that a power cut could take.
    try self.syncDirectory()
  }

  /// Writes the file in the place of the one there is, whole or not at all.
  func replace(with bytes: [UInt8]) throws(CryptoError) {
    let draft = KeyFile(directory: self.directory, name: self.name + ".new")
    try draft.remove()
    try draft.make(bytes)
    try draft.take(placeOf: self)
  }

  /// Gives the file another's name, whose bytes are gone then.
  func take(placeOf other: KeyFile) throws(CryptoError) {
    if rename(self.path, other.path) != 0 { throw self.systemError("rename") }
    try self.syncDirectory()
  }

  /// Removes the file, where it is there.
  func remove() throws(CryptoError) {
    if unlink(self.path) != 0 && errno != ENOENT { throw self.systemError("remove") }
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) -> CryptoError? {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return self.systemError("write") }
      written += count
    }
    return fsync(descriptor) == 0 ? nil : self.systemError("sync")
  }

  private func makeDirectory() throws(CryptoError) {
    let parts = self.directory.split(separator: "/", omittingEmptySubsequences: false)
    for count in 1...parts.count {
      let path = parts.prefix(count).joined(separator: "/")
      if !path.isEmpty && mkdir(path, 0o700) != 0 && errno != EEXIST {
        throw self.systemError("make the directory of")
      }
    }
    var status = stat()
    if stat(self.directory, &status) != 0 { throw self.systemError("examine") }
    if status.st_mode & 0o077 != 0 {
      throw .keyFileUnfit(path: self.directory, reason: "others may enter it; chmod 700")
    }
  }

  private func syncDirectory() throws(CryptoError) {
    let descriptor = Glibc.open(self.directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { throw self.systemError("open the directory of") }
    defer { close(descriptor) }
    if fsync(descriptor) != 0 { throw self.systemError("sync the directory of") }
  }

  private func unfit(_ reason: String) -> CryptoError {
    .keyFileUnfit(path: self.path, reason: reason)
  }

  private func systemError(_ operation: String) -> CryptoError {
    let code = errno
    return self.unfit("cannot \(operation) it: \(String(cString: strerror(code)))")
  }
}
