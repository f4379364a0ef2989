import Foundation
import Measuring
import Synchronization

/// Keeps the identifiers of permits that were issued, and adds them to a file, a line each.
final class IssuedFile: Sendable {
  private let path: String
  private let identifiers = Mutex<[String]>([])

  init(_ path: String) {
    self.path = path
  }

  func note(_ identifier: String) {
    self.identifiers.withLock { $0.append(identifier) }
  }

  func append() throws {
    if !FileManager.default.fileExists(atPath: self.path) {
      try Data().write(to: URL(fileURLWithPath: self.path))
    }
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: self.path))
    try file.seekToEnd()
    let lines = self.identifiers.withLock { $0.map { $0 + "\n" }.joined() }
    try file.write(contentsOf: Data(lines.utf8))
    try file.close()
  }
}

/// The file read again. It stays on disk: all its lines are of one length.
struct IssuedIdentifiers: Sendable {
  private let lines: Data
  private let lineBytes: Int

  init(_ path: String) throws {
    self.lines = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    guard let end = self.lines.firstIndex(of: UInt8(ascii: "\n")),
      self.lines.count % (end + 1) == 0
    else { throw Unreadable() }
    self.lineBytes = end + 1
  }

  struct Unreadable: Error {}

  /// One of them, each as likely as the other.
  func any(_ random: inout SplitMix) -> String {
    let line = Int.random(in: 0..<self.lines.count / self.lineBytes, using: &random)
    let start = line * self.lineBytes
    return String(decoding: self.lines[start..<start + self.lineBytes - 1], as: UTF8.self)
  }
}
