import ArgumentParser
import Foundation
import Simulation

/// Runs the main job in simulation: one seed, or one after another; fails where one finds that
/// something was lost or happened twice.
@main
struct Simulate: ParsableCommand {
  private static let name = "SWIFT_DETERMINISTIC_HASHING"

  @Option(help: "The first seed.") var seed: UInt64 = 1
  @Option(help: "How many seeds, one after another.") var count: UInt64 = 1
  @Option(help: "How many persons apply at the same time.") var walks = 3
  @Flag(help: "Print every event.") var trace = false
  @Flag(help: "Nothing goes wrong.") var calm = false
  @Flag(help: "Stop at the first seed that finds something.") var untilFailure = false
  @Option(
    help: .init(
      "What is broken on purpose: "
        + SimulatedRun.Sabotage.allCases.map(\.rawValue).joined(separator: ", ") + "."))
  var sabotage: String?

  func validate() throws {
    guard ProcessInfo.processInfo.environment[Self.name] == "1" else {
      throw ValidationError("set \(Self.name)=1, or two runs with one seed may differ")
    }
    if let sabotage, SimulatedRun.Sabotage(rawValue: sabotage) == nil {
      throw ValidationError("there is no sabotage \(sabotage)")
    }
  }

  func run() throws {
    var failed: [UInt64] = []
    var tried = 0
    var stories: [SimulatedRun.Story: Int] = [:]
    for seed in self.seed..<(self.seed + self.count) where failed.isEmpty || !self.untilFailure {
      var run = SimulatedRun(seed: seed)
      run.walks = self.walks
      run.hasFaults = !self.calm
      run.sabotage = self.sabotage.flatMap(SimulatedRun.Sabotage.init)
      let outcome = try run.run(in: "\(Self.folder)/anju-simulation-\(getpid())-\(seed)")
      if self.trace { Self.say(outcome.trace.joined(separator: "\n")) }
      for violation in outcome.violations { Self.say("seed \(seed): \(violation)") }
      if !outcome.violations.isEmpty { failed.append(seed) }
      tried += 1
      stories.merge(outcome.stories, uniquingKeysWith: +)
      if self.count == 1 {
        Self.say("seed \(seed): \(outcome.trace.count) events, \(outcome.steps) steps")
      }
    }
    let met = SimulatedRun.Story.allCases.map { "\(stories[$0, default: 0]) \($0.rawValue)" }
    Self.say("met: " + met.joined(separator: ", "))
    Self.say("\(tried) seeds, \(failed.count) failed: \(failed)")
    if !failed.isEmpty { throw ExitCode.failure }
  }

  /// In memory where there is such a folder: what is simulated are crashes of processes, and not
  /// of disks, so waiting for a disk proves nothing.
  private static var folder: String {
    let memory = "/dev/shm"
    return FileManager.default.isWritableFile(atPath: memory)
      ? memory : FileManager.default.temporaryDirectory.path
  }

  private static func say(_ text: String) {
    FileHandle.standardOutput.write(Data("\(text)\n".utf8))
  }
}
