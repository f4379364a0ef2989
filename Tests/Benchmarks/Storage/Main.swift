import DomainModel
import Foundation
import Logging
import Storage
import StorageSQLite

/// `anju-bench-storage FILE callers N SECONDS` or `anju-bench-storage FILE rate R SECONDS`: one run
/// on a new file, its figures as one line of JSON.
@main
struct StorageBench {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 5, let first = Double(arguments[3]), let second = Double(arguments[4])
    else { throw Usage() }
    let store = try SQLiteStore(
      .file(arguments[1]), time: NoTime(), logger: Logger(label: "bench"))
    try await Migrator([Migration("bench", Submission.schema)]).migrate(
      store, now: Timestamp(milliseconds: 0))
    let measurement =
      switch arguments[2] {
      case "callers": try await closedLoop(store, callers: Int(first), seconds: second)
      case "rate": try await pacedLoop(store, rate: first, seconds: second)
      default: throw Usage()
      }
    FileHandle.standardOutput.write(Data((measurement.json + "\n").utf8))
    await store.close()
  }
}

struct Usage: Error, CustomStringConvertible {
  var description: String { "usage: anju-bench-storage FILE (callers N SECONDS | rate R SECONDS)" }
}

/// The bench takes no lease, so nobody asks for the time.
struct NoTime: TimeSource {
  func now() -> Timestamp { Timestamp(milliseconds: 0) }
  func sleep(until deadline: Timestamp) async throws {}
}
