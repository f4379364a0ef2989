import Foundation

/// What one run of the executable `simulate` printed and how it ended.
struct SimulateProcess: Sendable {
  let text: String
  let exitCode: Int32

  /// Runs it in a process of its own, whose sets and dictionaries keep their order unless told.
  static func run(
    _ arguments: String..., hashing: String? = "1"
  ) async throws -> SimulateProcess {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "simulate-\(getpid())-\(arguments.joined()).txt")
    try Data().write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let output = try FileHandle(forWritingTo: file)
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0])
      .deletingLastPathComponent().appending(path: "simulate")
    process.arguments = arguments
    var environment = ProcessInfo.processInfo.environment
    environment["SWIFT_DETERMINISTIC_HASHING"] = hashing
    process.environment = environment
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
