import Crypto
import DomainModel
import Foundation
import Measuring
import RPC
import Transport
import Wire

/// Loads a message queue that runs already; figures as one line of JSON:
///
///     anju-bench-notification PORT batch COUNT CALLERS SIZE   so many batches of so many messages
///     anju-bench-notification PORT one COUNT CALLERS 1        so many messages, one a call
///
/// All are scheduled for later, so that nothing is sent meanwhile. The token by which it calls is in
/// ANJU_BENCH_TOKEN.
@main
struct NotificationBench {
  static let connections = 4

  static func main() async throws {
    let words = Array(CommandLine.arguments.dropFirst())
    guard words.count == 5, ["batch", "one"].contains(words[1]), let port = Int(words[0]),
      let count = Int(words[2]), let callers = Int(words[3]), let size = Int(words[4]),
      let token = ProcessInfo.processInfo.environment["ANJU_BENCH_TOKEN"]
    else { throw Usage() }
    let isBatch = words[1] == "batch"
    let queue = Queue(
      port: port, token: token, connections: Self.connections,
      nowMs: Int64(Date().timeIntervalSince1970 * 1_000))
    let load = Load(
      prepare: { number, _ in number },
      perform: { number in
        if isBatch {
          try await queue.enqueue(batch: number, of: size)
        } else {
          try await queue.enqueue(number)
        }
      })
    let latencies = try await load.closedLoop(callers: callers, count: count)
    await queue.close()
    let messages = isBatch ? size : 1
    let line = """
      {"messages": \(latencies.count * messages), "seconds": \(latencies.seconds), \
      "per_second": \(latencies.perSecond * Double(messages)), \
      "p50_ms": \(latencies.quantileMs(0.5)), "p99_ms": \(latencies.quantileMs(0.99))}

      """
    FileHandle.standardOutput.write(Data(line.utf8))
  }
}

struct Usage: Error, CustomStringConvertible {
  var description: String {
    "usage: anju-bench-notification PORT batch|one COUNT CALLERS SIZE, with ANJU_BENCH_TOKEN"
  }
}
