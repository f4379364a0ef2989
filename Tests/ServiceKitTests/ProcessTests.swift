import Foundation
import ServiceKit
import Testing

/// Starts `KitProbe` as an operator would and looks how it ends.
@Suite(.timeLimit(.minutes(10)), .serialized)
struct ProcessTests {
  @Test func `every wrong setting is told before anything starts`() async throws {
    let probe = try await Probe(
      ["INTAKE_LISTEN_PORT": "x", "INTAKE_LISTEN_PROT": "1"], ready: false)
    #expect(try await probe.ended() == 78)
    let told = probe.told()
    #expect(told.contains("2 problems in the configuration"))
    #expect(told.contains("INTAKE_LISTEN_PORT cannot be \"x\""))
    #expect(told.contains("INTAKE_LISTEN_PROT: there is no such setting"))
  }

  @Test func `a settings file that is not there is a problem`() async throws {
    let probe = try await Probe(["ANJU_CONFIG": "not/there.conf"], ready: false)
    #expect(try await probe.ended() == 78)
    #expect(probe.told().contains("not/there.conf cannot be read"))
  }

  @Test func `the settings can be asked for`() async throws {
    let probe = try await Probe([:], arguments: ["--settings"], ready: false)
    #expect(try await probe.ended() == 0)
    #expect(probe.told().contains("| `intake.probe.job` | `INTAKE_PROBE_JOB` | `good` |"))
  }

  @Test func `an unknown option is refused`() async throws {
    let probe = try await Probe([:], arguments: ["--fly"], ready: false)
    #expect(try await probe.ended() == 64)
  }

  @Test func `a taken port ends the process with its reason`() async throws {
    let first = try await Probe([:])
    let port = try #require(first.port("listening"))
    let second = try await Probe(["INTAKE_LISTEN_PORT": "\(port)"], ready: false)
    #expect(try await second.ended() == 1)
    #expect(second.told().contains("cannot listen on 127.0.0.1:\(port)"))
    first.signal(SIGTERM)
    #expect(try await first.ended() == 0)
  }

  @Test func `an address that others reach is refused without TLS`() async throws {
    let probe = try await Probe(["INTAKE_LISTEN_HOST": "0.0.0.0"], ready: false)
    #expect(try await probe.ended() == 78)
    #expect(probe.told().contains("intake.listen.host is 0.0.0.0, which others reach"))
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func `a signal stops it well`(signal: Int32) async throws {
    let probe = try await Probe([:])
    probe.signal(signal)
    #expect(try await probe.ended() == 0)
    #expect(probe.told().contains("\"message\":\"stopped\""))
  }

  @Test func `a second signal ends it at once`() async throws {
    let probe = try await Probe(["INTAKE_PROBE_JOB": "stubborn"])
    probe.signal(SIGTERM)
    #expect(await probe.tells("\"message\":\"stopping\""))
    probe.signal(SIGTERM)
    #expect(try await probe.ended() == 128 + SIGTERM)
  }

  @Test func `a broken job takes nothing else down and is told`() async throws {
    let probe = try await Probe(["INTAKE_PROBE_JOB": "broken"])
    #expect(await probe.tells("broken on purpose"))
    #expect(try await probe.page("/readyz").contains(" 200 "))
    let health = try await probe.page("/healthz")
    #expect(health.contains(" 503 ") && health.contains("\"probe\":\"broken on purpose\""))
    #expect(
      try await probe.page("/metrics").contains("background_job_failures_total{job=\"probe\"} "))
    probe.signal(SIGTERM)
    #expect(try await probe.ended() == 0)
  }
}

/// One running `KitProbe` on ports that the system chose; killed when it goes out of scope.
private final class Probe {
  private struct NotReady: Error, CustomStringConvertible {
    var description: String
  }

  /// How long one thing may take, on a machine however busy, in milliseconds.
  private static let waitMsMax = 60_000
  private static let pauseMs = 20

  private let process = Process()
  private let log: URL
  private let keys: URL

  init(
    _ environment: [String: String], arguments: [String] = [], ready: Bool = true
  ) async throws {
    let name = "probe-\(UUID().uuidString)"
    self.log = FileManager.default.temporaryDirectory.appending(path: "\(name).log")
    self.keys = FileManager.default.temporaryDirectory.appending(path: "\(name)-keys")
    try Data().write(to: self.log)
    let output = try FileHandle(forWritingTo: self.log)
    let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    self.process.executableURL = folder.appending(path: "KitProbe")
    self.process.arguments = arguments
    let ports = [
      "INTAKE_LISTEN_PORT": "0", "INTAKE_ADMIN_PORT": "0",
      "INTAKE_KEYS_DIRECTORY": self.keys.path,
    ]
    self.process.environment = ports.merging(environment) { _, new in new }
    self.process.standardOutput = output
    self.process.standardError = output
    try self.process.run()
    if ready { try await self.waitUntilReady() }
  }

  deinit {
    if self.process.isRunning { kill(self.process.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: self.log)
    try? FileManager.default.removeItem(at: self.keys)
  }

  func signal(_ signal: Int32) { kill(self.process.processIdentifier, signal) }

  /// The exit code, within a bound.
  func ended() async throws -> Int32 {
    guard await self.eventually({ !self.process.isRunning }) else {
      throw NotReady(description: "runs on: \(self.told())")
    }
    return self.process.terminationStatus
  }

  func told() -> String { (try? String(contentsOf: self.log, encoding: .utf8)) ?? "" }

  /// Whether its output comes to hold `text`, within a bound.
  func tells(_ text: String) async -> Bool {
    await self.eventually { self.told().contains(text) }
  }

  /// The port in the line of its log that says this; nil while there is none.
  func port(_ message: String) -> Int? {
    let line = self.told().split(separator: "\n").first {
      $0.contains("\"message\":\"\(message)\"")
    }
    guard let number = line?.firstMatch(of: /"net.port":"?(\d+)/)?.1 else { return nil }
    return Int(number)
  }

  /// What the admin port answers for a path, head and body.
  func page(_ path: String) async throws -> String {
    guard let port = self.port("metrics and health are served") else {
      throw NotReady(description: "no admin port: \(self.told())")
    }
    return try await get(PeerAddress(host: "127.0.0.1", port: port), path)
  }

  private func waitUntilReady() async throws {
    var isReady = false
    _ = await self.eventually {
      isReady = ((try? await self.page("/readyz")) ?? "").contains(" 200 ")
      return isReady || !self.process.isRunning
    }
    guard isReady else { throw NotReady(description: "not ready: \(self.told())") }
  }

  private func eventually(_ condition: () async -> Bool) async -> Bool {
    for _ in 0..<(Self.waitMsMax / Self.pauseMs) {
      if await condition() { return true }
      try? await Task.sleep(for: .milliseconds(Self.pauseMs))
    }
    return false
  }
}
