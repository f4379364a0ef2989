import ArgumentParser
import Crypto
import DomainModel
import Glibc
import RPC
import TestSupport
import Transport

/// Calls KitProbe at a rate through one channel of ours until its standard input ends, then prints
/// what became of the calls, as one line of JSON. Each call's request is a text that no other has.
@main
struct CallProbe: AsyncParsableCommand {
  @Option(help: "The servers, host:port, with commas between.")
  var servers: String

  @Option(help: "How many calls are begun a second.")
  var rate = 1_000

  @Option(help: "What each request begins with.")
  var prefix: String

  @Flag(help: "Whether calls wait while no server can be reached.")
  var waits = false

  /// How often calls are begun.
  private static let turnMs: Int64 = 5
  /// How long one call may take.
  private static let callMsMax: Int64 = 20_000

  func run() async throws {
    let addresses = self.servers.split(separator: ",").compactMap { text -> ServerAddress? in
      let parts = text.split(separator: ":")
      guard parts.count == 2, let port = Int(parts[1]) else { return nil }
      return ServerAddress(host: String(parts[0]), port: port)
    }
    guard !addresses.isEmpty else { throw ValidationError("--servers names no server") }
    let channel = GRPCClientChannel(
      ClientConfiguration(servers: addresses, random: SecureRandom()))
    var endings: [String: Int] = [:]
    let made = await self.call(channel, &endings)
    await channel.close()
    let failures = endings.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
    Self.say("{\"made\": \(made), \"failed\": {\(failures.joined(separator: ", "))}}")
  }

  /// Returns how many calls were made; `endings` counts those that failed.
  private func call(_ channel: GRPCClientChannel, _ endings: inout [String: Int]) async -> Int {
    let options = CallOptions(timeoutMs: Self.callMsMax, waitForReady: self.waits)
    let began = ContinuousClock.now
    return await withTaskGroup(of: String?.self) { group in
      var made = 0
      while !Self.isInputOver() {
        let elapsed = ContinuousClock.now - began
        // What a busy machine has missed is made up for, but not all at once.
        let due = Int(elapsed / .milliseconds(1)) * self.rate / 1_000
        for _ in 0..<min(max(due - made, 0), self.rate / 10) {
          let request = RawMessage("\(self.prefix)-\(made)")
          made += 1
          group.addTask { await Self.ending(channel, request, options) }
        }
        try? await ContinuousClock().sleep(for: .milliseconds(Self.turnMs))
      }
      for await ending in group {
        if let ending { endings[ending, default: 0] += 1 }
      }
      return made
    }
  }

  /// How a call failed; nil if it did not.
  private static func ending(
    _ channel: GRPCClientChannel, _ request: RawMessage, _ options: CallOptions
  ) async -> String? {
    do {
      let answer: RawMessage = try await channel.unary(EchoService.echo, request, options)
      return answer == request ? nil : "another answer"
    } catch let error as ServiceError {
      return "\(error.code): \(error.message.replacing("\"", with: "'"))"
    } catch {
      return "no ServiceError"
    }
  }

  private static func isInputOver() -> Bool {
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&input, 1, 0) != 0
  }

  private static func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = Glibc.write(STDOUT_FILENO, bytes, bytes.count)
  }
}
