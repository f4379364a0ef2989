import Foundation
import Synchronization

/// Keeps lines that several callers note, and adds them to a file.
public final class LineFile: Sendable {
  private let path: String
  private let lines = Mutex<[String]>([])

  /// Nothing is written before `append`.
  public init(_ path: String) {
    self.path = path
  }

  /// Keeps a line.
  public func note(_ line: String) {
    self.lines.withLock { $0.append(line) }
  }

  /// Adds the lines to the file's end, and makes the file where there is none.
  public func append() throws {
    let url = URL(fileURLWithPath: self.path)
    if !FileManager.default.fileExists(atPath: self.path) { try Data().write(to: url) }
    let file = try FileHandle(forWritingTo: url)
    try file.seekToEnd()
    try file.write(contentsOf: Data(self.lines.withLock { $0.map { $0 + "\n" }.joined() }.utf8))
    try file.close()
  }
}
