import ArgumentParser
import Foundation
import ToolKit

/// Imports permits of earlier kinds, and registrations, from a file.
struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Import permits of earlier kinds, and registrations, from a CSV file.",
    discussion: """
      Tools/Anju/README.md says what the file's columns hold. A row that is refused stops no other: \
      the report says what became of each. What is on record already stays, so that an import that \
      was broken off, or whose file was mended, is run again as it is.

      Exits 0 where every row is on record, 2 where some were refused, 1 where it stopped because \
      the registry was away or refused the caller.
      """)

  @Argument(help: "The file: UTF-8, comma-separated, a line of column names first.")
  var file: String

  @Option(help: "Where the report goes; FILE.report.jsonl where it is not given.")
  var report: String?

  @Option(help: "How many rows are sent at the same time: 1 to 64.")
  var parallel = 32

  @Option(
    help: """
      Pass over the lines before this one, and go on with the report: for a file that was imported \
      up to there.
      """)
  var fromLine = 2

  @OptionGroup var addresses: Addresses

  func validate() throws {
    guard (1...64).contains(self.parallel) else {
      throw ValidationError("--parallel is 1 to 64.")
    }
    guard self.fromLine >= 2 else {
      throw ValidationError("--from-line is 2 or more: line 1 has the column names.")
    }
  }

  func run() async throws {
    let input = try self.open()
    defer { try? input.close() }
    let path = self.report ?? self.file + ".report.jsonl"
    var summary = ImportSummary(report: path)
    try await self.addresses.withServices { services in
      var lines = ImportLines(LineReader(input))
      try lines.readHeader(of: self.file)
      let report = try ImportReport(path, goesOn: self.fromLine > 2)
      let importer = Importer(services: services, run: freshKey("import"))
      try lines.pass(before: self.fromLine)
      while let batch = try lines.batch(max: self.parallel) {
        do {
          let outcomes = try await importer.outcomes(of: batch.rows) + batch.unreadable
          try report.write(outcomes.sorted { $0.line < $1.line })
          for outcome in outcomes { summary.count(outcome.outcome) }
        } catch {
          Output(json: self.addresses.json).failure(
            "stopped at line \(batch.firstLine): run it again, or with --from-line "
              + "\(batch.firstLine)")
          throw error
        }
      }
      try report.close()
      try Output(json: self.addresses.json).show(summary, summary.sentence)
    }
    if summary.refused > 0 { throw ExitCode(2) }
  }

  private func open() throws -> FileHandle {
    do {
      return try FileHandle(forReadingFrom: URL(fileURLWithPath: self.file))
    } catch {
      throw ValidationError("\(self.file) cannot be read: \(error.localizedDescription)")
    }
  }
}
