import DomainModel
import Foundation
import Logging
import Storage

/// One run in a new place, its figures as one line of JSON:
///
///     anju-bench-storage PLACE WORKLOAD callers N SECONDS    N at once, each with one under way
///     anju-bench-storage PLACE WORKLOAD rate R SECONDS       R a second, done or not
///     anju-bench-storage PLACE WORKLOAD make 0 0             only the tables, for the peer
///
/// PLACE is a file, or `postgres:FOLDER:DATABASE`, of a server that Tools/dev/postgres.sh made in
/// FOLDER.
@main
struct StorageBench {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 6, let first = Double(arguments[4]), let second = Double(arguments[5])
    else { throw Usage() }
    let workload = try Workload(arguments[2])
    let isClosed = arguments[3] == "callers"
    let subject = try Subject(arguments[1], writers: isClosed ? Int(first) : 1)
    let tables = History.schema + Outbox.schema + Inbox.schema
    try await Migrator([Migration("bench", tables + workload.schema)]).migrate(
      subject.store, now: Timestamp(milliseconds: 0))
    let run = Run(subject, workload, seconds: second)
    switch arguments[3] {
    case "make": break
    case "callers":
      try await run.connectAll(callers: Int(first))
      try await Self.say(run.closedLoop(callers: Int(first)))
    case "rate": try await Self.say(run.openLoop(rate: first))
    default: throw Usage()
    }
    await subject.store.close()
  }

  private static func say(_ measurement: Measurement) {
    FileHandle.standardOutput.write(Data((measurement.json + "\n").utf8))
  }
}

struct Usage: Error, CustomStringConvertible {
  var description: String {
    "usage: anju-bench-storage PLACE WORKLOAD (callers N SECONDS | rate R SECONDS | make 0 0)"
  }
}
