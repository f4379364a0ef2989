import ArgumentParser
import Foundation
import ToolKit

/// A report as files: one for programs, one for people.
struct ReportFiles {
  /// The files' name without its ending.
  let name: String
  let json: [UInt8]
  let page: String

  /// Writes both into a folder, which is made if it is not there, and says where they are.
  func write(into folder: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      let base = "\(folder)/\(self.name)"
      try Data(self.json).write(to: URL(fileURLWithPath: base + ".json"))
      try Data(self.page.utf8).write(to: URL(fileURLWithPath: base + ".html"))
      Output(json: false).failure("written: \(base).json and \(base).html")
    } catch {
      throw ValidationError("The report cannot be written into \(folder): \(error)")
    }
  }
}
