import Glibc
import NIOSSL

/// Why TLS cannot be used as it was set up: a file and what is wrong with it.
public struct TLSFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path of the file.
  public let file: String
  /// What is wrong with it.
  public let reason: String

  /// The file and what is wrong with it.
  public var description: String { "\(self.file): \(self.reason)" }
}

/// A PEM file as it stands on the disk. Reading blocks.
struct TLSFile {
  /// The longest file that is read.
  static let bytesMax = 1 << 20

  /// What tells whether a file has been written or put in place of another.
  struct Mark: Hashable {
    private let device: UInt
    private let inode: UInt
    private let size: Int
    private let seconds: Int
    private let nanoseconds: Int

    /// The mark of what lies at a path now; nil if there is nothing.
    init?(_ path: String) {
      var facts = stat()
      guard stat(path, &facts) == 0 else { return nil }
      self.device = UInt(facts.st_dev)
      self.inode = UInt(facts.st_ino)
      self.size = Int(facts.st_size)
      self.seconds = facts.st_mtim.tv_sec
      self.nanoseconds = facts.st_mtim.tv_nsec
    }
  }

  let path: String

  init(_ path: String) {
    self.path = path
  }

  /// Its certificates, at least one, in their order.
  func certificates() throws(TLSFileError) -> [NIOSSLCertificate] {
    let bytes = try self.bytes()
    do {
      return try NIOSSLCertificate.fromPEMBytes(bytes)
    } catch {
      throw self.error("no certificate in PEM can be read from it")
    }
  }

  /// Its private key.
  func key() throws(TLSFileError) -> NIOSSLPrivateKey {
    let bytes = try self.bytes()
    do {
      return try NIOSSLPrivateKey(bytes: bytes, format: .pem)
    } catch {
      throw self.error("no unencrypted private key in PEM can be read from it")
    }
  }

  func error(_ reason: String) -> TLSFileError {
    TLSFileError(file: self.path, reason: reason)
  }

  private func bytes() throws(TLSFileError) -> [UInt8] {
    guard let file = fopen(self.path, "re") else { throw self.systemError() }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: Self.bytesMax + 1)
    let count = fread(&bytes, 1, bytes.count, file)
    guard ferror(file) == 0 else { throw self.systemError() }
    guard count <= Self.bytesMax else {
      throw self.error("it has more than \(Self.bytesMax) bytes")
    }
    return Array(bytes.prefix(count))
  }

  private func systemError() -> TLSFileError {
    self.error(String(cString: strerror(errno)))
  }
}
