import Crypto
import DomainModel
import Foundation
import Measuring
import RPC
import Transport
import Wire

/// Loads a certificate registry that runs already; figures as one line of JSON:
///
///     anju-bench-registry PORT FILE issue FIRST COUNT CALLERS DAY   permits of that day
///     anju-bench-registry PORT FILE get RATE SECONDS                looks of an officer
///     anju-bench-registry PORT FILE verify RATE SECONDS EXPECTED    looks of a verifier
///
/// FILE has the identifiers of the permits issued, a line each: `issue` adds to it, the others pick
/// among them. EXPECTED is `valid` or `suspended`, what every look must find. The token by which it
/// calls is in ANJU_BENCH_TOKEN.
@main
struct RegistryBench {
  static let connections = 4

  static func main() async throws {
    let words = CommandLine.arguments.dropFirst()
    guard words.count >= 5, let port = Int(words[1]),
      let token = ProcessInfo.processInfo.environment["ANJU_BENCH_TOKEN"]
    else { throw Usage() }
    let registry = Registry(port: port, token: token, connections: Self.connections)
    let arguments = Array(words.dropFirst())
    let latencies =
      try await arguments[1] == "issue"
      ? Self.issue(arguments, at: registry) : Self.look(arguments, at: registry)
    await registry.close()
    let line = """
      {"count": \(latencies.count), "seconds": \(latencies.seconds), \
      "per_second": \(latencies.perSecond), "p50_ms": \(latencies.quantileMs(0.5)), \
      "p99_ms": \(latencies.quantileMs(0.99)), "p999_ms": \(latencies.quantileMs(0.999))}

      """
    FileHandle.standardOutput.write(Data(line.utf8))
  }

  private static func issue(
    _ arguments: [String], at registry: Registry
  ) async throws -> Latencies {
    guard arguments.count == 6, let first = Int(arguments[2]), let count = Int(arguments[3]),
      let callers = Int(arguments[4])
    else { throw Usage() }
    let issued = LineFile(arguments[0])
    let order = IssueOrder(day: arguments[5])
    let load = Load(
      prepare: { number, random in order.request(first + number, &random) },
      perform: { issued.note(try await registry.issue($0)) })
    let latencies = try await load.closedLoop(callers: callers, count: count)
    try issued.append()
    return latencies
  }

  private static func look(
    _ arguments: [String], at registry: Registry
  ) async throws -> Latencies {
    guard arguments.count >= 4, let rate = Double(arguments[2]), let seconds = Double(arguments[3])
    else { throw Usage() }
    let issued = try IssuedIdentifiers(arguments[0])
    let expected = arguments.count > 4 ? arguments[4] : ""
    let look: @Sendable (String) async throws -> Void
    switch (arguments[1], expected) {
    case ("get", ""): look = { try await registry.get($0) }
    case ("verify", "valid"): look = { try await registry.verify($0, isValid: true) }
    case ("verify", "suspended"): look = { try await registry.verify($0, isValid: false) }
    default: throw Usage()
    }
    let load = Load(
      prepare: { _, random in issued.any(&random) },
      isRefusal: { ($0 as? ServiceError)?.code == .resourceExhausted }, perform: look)
    return try await load.openLoop(rate: rate, seconds: seconds)
  }
}

struct Usage: Error, CustomStringConvertible {
  var description: String {
    """
    usage: anju-bench-registry PORT FILE (issue FIRST COUNT CALLERS DAY | get RATE SECONDS \
    | verify RATE SECONDS valid|suspended), with ANJU_BENCH_TOKEN
    """
  }
}
