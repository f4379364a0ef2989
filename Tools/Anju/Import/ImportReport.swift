import ArgumentParser
import Foundation

/// The report of an import: a file with one JSON object a row, in the order of the rows.
struct ImportReport {
  private let file: FileHandle

  /// Opens it, empty, or to go on where it ends.
  init(_ path: String, goesOn: Bool) throws {
    do {
      if !goesOn || !FileManager.default.fileExists(atPath: path) {
        try Data().write(to: URL(fileURLWithPath: path))
      }
      self.file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try self.file.seekToEnd()
    } catch {
      throw ValidationError("\(path) cannot be written: \(error.localizedDescription)")
    }
  }

  /// Writes what became of some rows.
  func write(_ outcomes: [RowOutcome]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var lines = Data()
    for outcome in outcomes {
      lines += try encoder.encode(outcome)
      lines.append(UInt8(ascii: "\n"))
    }
    try self.file.write(contentsOf: lines)
  }

  /// Closes it.
  func close() throws {
    try self.file.close()
  }
}
