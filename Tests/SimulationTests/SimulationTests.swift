import Foundation
import Simulation
import Testing

/// The main job in simulation: the four services in one process, in which everything that happens
/// is drawn from a seed.
@Suite(.serialized) struct SimulationTests {
  /// How many seeds are tried: `./dev test` and `./dev test --long`; the sanitizers say another
  /// number.
  private static let seeds: Int = {
    let environment = ProcessInfo.processInfo.environment
    if let told = environment["ANJU_SEEDS"].flatMap(Int.init) { return told }
    return environment["ANJU_LONG"] == "1" ? 1_000 : 50
  }()

  @Test(arguments: [1, 2, 3]) func `one seed gives one trace, to the last event`(
    _ seed: Int
  ) async throws {
    let first = try await SimulateProcess.run("--trace", "--seed", "\(seed)")
    let second = try await SimulateProcess.run("--seed", "\(seed)", "--trace")
    #expect(first.events.count > 300)
    #expect(first.events == second.events)
  }

  @Test func `two seeds give two traces`() async throws {
    var traces: Set<[Substring]> = []
    for seed in 1...3 {
      let run = try await SimulateProcess.run("--trace", "--seed", "\(seed)")
      traces.insert(run.events.dropLast())
    }
    #expect(traces.count == 3)
  }

  @Test func `faults are drawn, and without them there are none`() async throws {
    let faulty = try await SimulateProcess.run("--trace", "--seed", "7")
    #expect(faulty.text.contains(" dies ") && faulty.text.contains(" fails "))
    let calm = try await SimulateProcess.run("--trace", "--seed", "7", "--calm")
    #expect(!calm.text.contains(" dies ") && !calm.text.contains(" fails "))
    #expect(calm.exitCode == 0)
  }

  @Test func `whatever the seed, nothing is lost and nothing happens twice`() async throws {
    let run = try await SimulateProcess.run("--seed", "1", "--count", "\(Self.seeds)")
    #expect(run.exitCode == 0, "\(run.text)")
    #expect(run.text.hasSuffix("\(Self.seeds) seeds, 0 failed: []\n"))
  }

  @Test(arguments: SimulatedRun.Sabotage.allCases)
  func `what is broken on purpose is found out`(_ sabotage: SimulatedRun.Sabotage) async throws {
    let run = try await SimulateProcess.run(
      "--seed", "1", "--count", "30", "--sabotage", sabotage.rawValue)
    #expect(run.exitCode == 1, "\(run.text)")
  }

  @Test func `without an order of hashes it does not begin`() async throws {
    let run = try await SimulateProcess.run("--seed", "1", hashing: nil)
    #expect(run.exitCode == 64, "\(run.text)")
  }
}
