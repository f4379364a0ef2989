import Foundation

/// What one run of the executable `simulate` printed and how it ended.
struct SimulateProcess: Sendable {
  let text: String
  let exitCode: Int32

  /// Runs it in a process of its own, whose sets and dictionaries keep their order.
  static func run(_ arguments: String...) async throws -> SimulateProcess {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "simulate-\(getpid())-\(arguments.joined()).txt")
    try Data().write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let output = try FileHandle(forWritingTo: file)
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0])
      .deletingLastPathComponent().appending(path: "simulate")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["SWIFT_DETERMINISTIC_HASHING": "1"]) { _, new in new }
    process.standardOutput = output
    process.standardError = output
    let exitCode = try await withCheckedThrowingContinuation { continuation in
      process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do {
        try process.run()
      } catch {
        process.terminationHandler = nil
        continuation.resume(throwing: error)
      }
    }
    return SimulateProcess(
      text: try String(contentsOf: file, encoding: .utf8), exitCode: exitCode)
  }

  /// The lines, but for the last one, which counts.
  var events: [Substring] { self.text.split(separator: "\n").dropLast() }
}
