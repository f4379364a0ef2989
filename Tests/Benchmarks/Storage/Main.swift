import DomainModel
import Foundation
import Logging
import Storage
import StorageSQLite

/// One run on a new file, its figures as one line of JSON:
///
///     anju-bench-storage FILE WORKLOAD callers N SECONDS    N at once, each with one under way
///     anju-bench-storage FILE WORKLOAD rate R SECONDS       R a second, done or not
///     anju-bench-storage FILE WORKLOAD make 0 0             only the file, for the peer
@main
struct StorageBench {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 6, let first = Double(arguments[4]), let second = Double(arguments[5])
    else { throw Usage() }
    let workload = try Workload(arguments[2])
    let store = try SQLiteStore(
      .file(arguments[1]), time: NoTime(), logger: Logger(label: "bench"))
    let tables = History.schema + Outbox.schema + Inbox.schema
    try await Migrator([Migration("bench", tables + workload.schema)]).migrate(
      store, now: Timestamp(milliseconds: 0))
    let run = Run(store: store, workload: workload, seconds: second)
    switch arguments[3] {
    case "make": break
    case "callers": try await Self.say(run.closedLoop(callers: Int(first)))
    case "rate": try await Self.say(run.openLoop(rate: first))
    default: throw Usage()
    }
    await store.close()
  }

  private static func say(_ measurement: Measurement) {
    FileHandle.standardOutput.write(Data((measurement.json + "\n").utf8))
  }
}

struct Usage: Error, CustomStringConvertible {
  var description: String {
    "usage: anju-bench-storage FILE WORKLOAD (callers N SECONDS | rate R SECONDS | make 0 0)"
  }
}

/// The bench takes no lease, so nobody asks for the time.
struct NoTime: TimeSource {
  func now() -> Timestamp { Timestamp(milliseconds: 0) }
  func sleep(until deadline: Timestamp) async throws {}
}
