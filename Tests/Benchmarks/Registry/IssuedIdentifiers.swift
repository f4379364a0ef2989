import Foundation
import Measuring

/// The identifiers of permits that were issued, read again. The file stays on disk: all its lines
/// are of one length.
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
