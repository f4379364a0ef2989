import ArgumentParser
import Foundation

/// A file that is named on the command line.
enum InputFile {
  /// Its bytes: at most one more than `max`, by which who reads them sees that it is too long; nil
  /// where none is named.
  static func bytes(_ path: String?, max: Int) throws -> [UInt8]? {
    guard let path else { return nil }
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? file.close() }
      return Array(try file.read(upToCount: max + 1) ?? Data())
    } catch {
      throw ValidationError("\(path) cannot be read: \(error.localizedDescription)")
    }
  }
}
