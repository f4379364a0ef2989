import Glibc
import Storage

/// The first line of a file that holds a password.
enum PasswordFile {
  /// No password is longer.
  private static let bytesMax = 1_024

  /// Reads it; throws a sentence that names the file, never what is in it.
  static func read(_ path: String) throws(StorageError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.unfit(path, String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      throw Self.unfit(path, "it is no plain file")
    }
    if facts.st_mode & 0o077 != 0 { throw Self.unfit(path, "others may read it; chmod 600") }
    var bytes = [UInt8](repeating: 0, count: Self.bytesMax)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count > 0 else { throw Self.unfit(path, "it is empty") }
    let line = bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    guard !line.isEmpty, !line.contains(0), line.count < Self.bytesMax,
      let password = String(validating: line, as: UTF8.self)
    else { throw Self.unfit(path, "its first line is no password of at most 1,023 bytes") }
    return password
  }

  private static func unfit(_ path: String, _ reason: String) -> StorageError {
    .cannotOpen("the password file \(path) cannot be used: \(reason)")
  }
}
