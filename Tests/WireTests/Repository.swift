import Glibc

/// The files of this repository, for tests that compare what is committed.
enum Repository {
  /// The folder that holds `Package.swift`.
  static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/")

  /// A whole file; nil where it is not there.
  static func bytes(_ path: String) -> [UInt8]? {
    guard let file = fopen("\(Self.root)/\(path)", "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&block, 1, block.count, file), count > 0 {
      bytes += block.prefix(count)
    }
    return bytes
  }

  /// Replaces a file.
  static func write(_ bytes: [UInt8], to path: String) -> Bool {
    guard let file = fopen("\(Self.root)/\(path)", "wb") else { return false }
    let written = fwrite(bytes, 1, bytes.count, file)
    return fclose(file) == 0 && written == bytes.count
  }
}
