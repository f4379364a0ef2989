import Crypto
import DomainModel
import Foundation
import Measuring
import RPC
import Transport
import Wire

/// Loads an intake service that runs already; figures as one line of JSON:
///
///     anju-bench-intake PORT upload COUNT CALLERS BYTES   materials of so many bytes each
///
/// Each material goes into a draft of its own, made before the clock starts. The token by which it
/// calls is in ANJU_BENCH_TOKEN.
@main
struct IntakeBench {
  static let connections = 4

  static func main() async throws {
    let words = Array(CommandLine.arguments.dropFirst())
    guard words.count == 5, words[1] == "upload", let port = Int(words[0]),
      let count = Int(words[2]), let callers = Int(words[3]), let bytes = Int(words[4]),
      let token = ProcessInfo.processInfo.environment["ANJU_BENCH_TOKEN"]
    else { throw Usage() }
    let intake = Intake(port: port, token: token, connections: Self.connections)
    let scan = Scan(bytes: bytes)
    var headers: [IntakeV1.UploadHeader] = []
    for number in 0..<count { headers.append(try await intake.draft(for: scan, number)) }
    let announced = headers
    let load = Load(
      prepare: { number, _ in number },
      perform: { try await intake.upload(scan, $0, as: announced[$0]) })
    let latencies = try await load.closedLoop(callers: callers, count: count)
    await intake.close()
    let line = """
      {"count": \(latencies.count), "seconds": \(latencies.seconds), \
      "per_second": \(latencies.perSecond), "p50_ms": \(latencies.quantileMs(0.5)), \
      "p99_ms": \(latencies.quantileMs(0.99))}

      """
    FileHandle.standardOutput.write(Data(line.utf8))
  }
}

struct Usage: Error, CustomStringConvertible {
  var description: String {
    "usage: anju-bench-intake PORT upload COUNT CALLERS BYTES, with ANJU_BENCH_TOKEN"
  }
}
