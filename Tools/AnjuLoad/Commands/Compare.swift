import ArgumentParser
import Foundation
import LoadReport

/// Puts two reports side by side.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare two runs: what became better, what worse, and what cannot be compared.",
    discussion: """
      Exits 1 where something became worse by more than runs differ by themselves or is no longer \
      held, 2 where the two cannot be compared, 64 where a file is no report.
      """)

  @Argument(help: "The JSON of the earlier run.")
  var before: String

  @Argument(help: "The JSON of the later run.")
  var after: String

  func run() throws {
    let comparison = Comparison(
      before: try Self.read(self.before), after: try Self.read(self.after))
    print(comparison.table())
    if comparison.exitCode != 0 { throw ExitCode(comparison.exitCode) }
  }

  private static func read(_ path: String) throws -> RunResult {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ValidationError("\(path) cannot be read.")
    }
    do {
      return try RunResult(json: Array(data))
    } catch {
      throw ValidationError("\(path): \(error)")
    }
  }
}
