internal import Glibc

/// The data files that the services run on.
public enum PolicyTexts {
  /// A file could not be read.
  public struct Unreadable: Error {
    /// Which.
    public let path: String
  }

  /// The text of a file of `Services/Policy`.
  public static func text(_ name: String) throws -> String {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let path = "/\(root)/Services/Policy/\(name)"
    guard let file = fopen(path, "re") else { throw Unreadable(path: path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
