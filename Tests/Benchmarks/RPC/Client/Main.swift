import Crypto
import DomainModel
import Echo
import Foundation
import RPC
import Transport
import Wire

/// Makes unary calls through the public API as fast as it can, and says what a call cost:
///
///     anju-bench-echo-client PORT CONNECTIONS CALLS_AT_ONCE SECONDS
///
/// `CALLS_AT_ONCE` tasks a connection, each with one call under way. One line of JSON: calls, and
/// the process's CPU time in seconds.
@main
struct EchoClient {
  static func main() async throws {
    let numbers = CommandLine.arguments.dropFirst().compactMap { Double($0) }
    guard numbers.count == 4, let port = Int(exactly: numbers[0]) else { throw Usage() }
    let load = Load(callsAtOnce: Int(numbers[2]), seconds: numbers[3])
    let channels = (0..<Int(numbers[1])).map { _ in
      GRPCClientChannel(
        ClientConfiguration(host: "127.0.0.1", port: port, random: SecureRandom()))
    }
    // Connects and warms up, uncounted.
    _ = try await load.run(on: channels, seconds: 0.5)
    let before = Self.cpuSeconds()
    let calls = try await load.run(on: channels, seconds: load.seconds)
    let line = "{\"calls\": \(calls), \"cpu_seconds\": \(Self.cpuSeconds() - before)}\n"
    FileHandle.standardOutput.write(Data(line.utf8))
    for channel in channels { await channel.close() }
  }

  private static func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

struct Usage: Error, CustomStringConvertible {
  var description: String {
    "usage: anju-bench-echo-client PORT CONNECTIONS CALLS_AT_ONCE SECONDS"
  }
}

struct Load: Sendable {
  /// 98 characters are 100 bytes on the wire.
  static let text = String(repeating: "a", count: 98)

  let callsAtOnce: Int
  let seconds: Double

  /// Calls on every channel at once; how many calls there were.
  func run(on channels: [GRPCClientChannel], seconds: Double) async throws -> Int {
    let end = ContinuousClock.now + .seconds(seconds)
    return try await withThrowingTaskGroup(of: Int.self) { group in
      for channel in channels {
        for _ in 0..<self.callsAtOnce {
          group.addTask { try await Self.callUntil(end, on: channel) }
        }
      }
      return try await group.reduce(0, +)
    }
  }

  private static func callUntil(
    _ end: ContinuousClock.Instant, on channel: GRPCClientChannel
  ) async throws -> Int {
    let request = Echo.Message(service: Self.text)
    let options = CallOptions(
      timeoutMs: 10_000, metadata: Metadata(["x-request-id": "bench"]), waitForReady: true)
    var calls = 0
    while ContinuousClock.now < end {
      let answer: Echo.Message = try await channel.unary(Echo.unary, request, options)
      guard answer == request else { throw WrongAnswer() }
      calls += 1
    }
    return calls
  }
}

struct WrongAnswer: Error {}
