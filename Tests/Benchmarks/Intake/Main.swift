import Crypto
import DomainModel
import Foundation
import Measuring
import RPC
import Transport
import Wire

/// Loads an intake service that runs already; figures as one line of JSON:
///
///     anju-bench-intake PORT upload COUNT CALLERS BYTES         materials of so many bytes each
///     anju-bench-intake PORT prepare REGISTRY FILE FIRST COUNT CALLERS DAY
///                                                   drafts that want nothing but submitting
///     anju-bench-intake PORT submit FILE FIRST COUNT CALLERS    of those, as fast as they go
///     anju-bench-intake PORT submit-at FILE FIRST COUNT RATE    so many a second
///
/// Each material of `upload` goes into a draft of its own, made before the clock starts. FILE has
/// the drafts' ids, a line each: `prepare` adds to it, from the person with the number FIRST on,
/// each registered since DAY with the registry on port REGISTRY. The token by which it calls is in
/// ANJU_BENCH_TOKEN.
@main
struct IntakeBench {
  static let connections = 4

  static func main() async throws {
    let words = Array(CommandLine.arguments.dropFirst())
    guard words.count > 2, let port = Int(words[0]),
      let token = ProcessInfo.processInfo.environment["ANJU_BENCH_TOKEN"]
    else { throw Usage() }
    let intake = Intake(port: port, token: token, connections: Self.connections)
    let latencies = try await Self.run(words[1], Array(words.dropFirst(2)), at: intake, token)
    await intake.close()
    let line = """
      {"count": \(latencies.count), "seconds": \(latencies.seconds), \
      "per_second": \(latencies.perSecond), "p50_ms": \(latencies.quantileMs(0.5)), \
      "p99_ms": \(latencies.quantileMs(0.99))}

      """
    FileHandle.standardOutput.write(Data(line.utf8))
  }

  private static func run(
    _ command: String, _ words: [String], at intake: Intake, _ token: String
  ) async throws -> Latencies {
    switch (command, words.count) {
    case ("upload", 3):
      return try await Self.upload(
        Number(words[0]).value, by: Number(words[1]).value, Scan(bytes: Number(words[2]).value),
        at: intake)
    case ("prepare", 6):
      let registry = Registrations(port: try Number(words[0]).value, token: token, since: words[5])
      let drafts = Drafts(intake: intake, registry: registry)
      let latencies = try await drafts.prepare(
        Number(words[2]).value, count: Number(words[3]).value, by: Number(words[4]).value,
        into: words[1])
      await registry.close()
      return latencies
    case ("submit", 4), ("submit-at", 4):
      let (first, count) = (try Number(words[1]).value, try Number(words[2]).value)
      let pace = try Number(words[3]).value
      let submissions = try Submissions(words[0], from: first, count: count, at: intake)
      return try await command == "submit"
        ? submissions.closedLoop(callers: pace) : submissions.openLoop(rate: Double(pace))
    default: throw Usage()
    }
  }

  private static func upload(
    _ count: Int, by callers: Int, _ scan: Scan, at intake: Intake
  ) async throws -> Latencies {
    var headers: [IntakeV1.UploadHeader] = []
    for number in 0..<count { headers.append(try await intake.draft(for: scan, number)) }
    let announced = headers
    let load = Load(
      prepare: { number, _ in number },
      perform: { try await intake.upload(scan.chunks($0), as: announced[$0]) })
    return try await load.closedLoop(callers: callers, count: count)
  }
}

/// A word that is a number.
private struct Number {
  let value: Int

  init(_ word: String) throws {
    guard let value = Int(word) else { throw Usage() }
    self.value = value
  }
}

struct Usage: Error, CustomStringConvertible {
  var description: String {
    """
    usage: anju-bench-intake PORT (upload COUNT CALLERS BYTES \
    | prepare REGISTRY FILE FIRST COUNT CALLERS DAY | submit FILE FIRST COUNT CALLERS \
    | submit-at FILE FIRST COUNT RATE), with ANJU_BENCH_TOKEN
    """
  }
}
