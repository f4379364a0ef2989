import DomainModel
import Foundation
import Measuring
import RPC
import ServiceKit
import Wire

/// Loads an approval service that runs already; figures as one line of JSON:
///
///     anju-bench-approval PORT FILE open FIRST COUNT CALLERS        cases, as intake opens them
///     anju-bench-approval PORT FILE decide FIRST COUNT CALLERS INTAKE REGISTRY
///     anju-bench-approval PORT FILE list RATE SECONDS               an office's work, page by page
///
/// FILE has the ids of the cases opened, a line each: `open` adds to it, `decide` takes COUNT of
/// them from the FIRST on. `decide` stands in for intake and the registry on those two ports and
/// ends once intake has heard of the last case's completion. Tokens are in the environment:
/// ANJU_BENCH_INTAKE, and with spaces between ANJU_BENCH_ACCEPT, ANJU_BENCH_REVIEW and
/// ANJU_BENCH_APPROVE.
@main
struct ApprovalBench {
  static let connections = 4

  static func main() async throws {
    let words = Array(CommandLine.arguments.dropFirst())
    guard words.count >= 5, let port = Int(words[0]) else { throw Usage() }
    let service = try ApprovalService(port: port, connections: Self.connections)
    let latencies =
      switch words[2] {
      case "open": try await Self.open(words, at: service)
      case "decide": try await Self.decide(words, at: service)
      case "list": try await Self.list(words, at: service)
      default: throw Usage()
      }
    await service.close()
    let line = """
      {"count": \(latencies.count), "seconds": \(latencies.seconds), \
      "per_second": \(latencies.perSecond), "p50_ms": \(latencies.quantileMs(0.5)), \
      "p99_ms": \(latencies.quantileMs(0.99)), "p999_ms": \(latencies.quantileMs(0.999))}

      """
    FileHandle.standardOutput.write(Data(line.utf8))
  }

  private static func open(
    _ words: [String], at service: ApprovalService
  ) async throws -> Latencies {
    guard words.count == 6, let first = Int(words[3]), let count = Int(words[4]),
      let callers = Int(words[5])
    else { throw Usage() }
    let cases = LineFile(words[1])
    let now = SystemClock().now()
    let load = Load(
      prepare: { number, _ in OpenedCase.request(first + number, at: now) },
      perform: { request in
        let id = try await service.open(request)
        cases.note(OpenedCase(caseID: id, applicationID: request.applicationID).line)
      })
    let latencies = try await load.closedLoop(callers: callers, count: count)
    try cases.append()
    return latencies
  }

  private static func decide(
    _ words: [String], at service: ApprovalService
  ) async throws -> Latencies {
    guard words.count == 8, let first = Int(words[3]), let count = Int(words[4]),
      let callers = Int(words[5]), let intake = Int(words[6]), let registry = Int(words[7])
    else { throw Usage() }
    let cases = try OpenedCase.read(words[1], from: first, count: count)
    let peers = try await StandIns(intake: intake, registry: registry)
    let load = Load(
      prepare: { number, _ in number },
      perform: { number in
        try await service.decide(cases[number].caseID, number)
        await peers.completion(of: cases[number].applicationID)
      })
    return try await load.closedLoop(callers: callers, count: count)
  }

  private static func list(
    _ words: [String], at service: ApprovalService
  ) async throws -> Latencies {
    guard words.count == 5, let rate = Double(words[3]), let seconds = Double(words[4]) else {
      throw Usage()
    }
    let load = Load(prepare: { number, _ in number }, perform: { try await service.list($0) })
    return try await load.openLoop(rate: rate, seconds: seconds)
  }
}

struct Usage: Error, CustomStringConvertible {
  var description: String {
    """
    usage: anju-bench-approval PORT FILE (open FIRST COUNT CALLERS \
    | decide FIRST COUNT CALLERS INTAKE REGISTRY | list RATE SECONDS), with tokens in ANJU_BENCH_…
    """
  }
}
