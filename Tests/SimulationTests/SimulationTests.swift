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
    #expect(faulty.text.contains(" dies ") && faulty.text.contains(" fails unavailable"))
    let calm = try await SimulateProcess.run("--trace", "--seed", "7", "--calm")
    #expect(!calm.text.contains(" dies ") && !calm.text.contains(" fails unavailable"))
    #expect(calm.exitCode == 0)
  }

  @Test func `whatever the seed, nothing is lost and nothing happens twice`() async throws {
    let run = try await SimulateProcess.run("--seed", "1", "--count", "\(Self.seeds)")
    #expect(run.exitCode == 0, "\(run.text)")
    #expect(run.text.hasSuffix("\(Self.seeds) seeds, 0 failed: []\n"))
    // Few seeds need not meet everything; these do.
    for story in SimulatedRun.Story.allCases where Self.seeds >= 50 {
      #expect(!run.text.contains(" 0 \(story.rawValue)"), "\(run.text)")
    }
  }

  @Test(arguments: SimulatedRun.Sabotage.allCases)
  func `what is broken on purpose is found out, by what looks for it`(
    _ sabotage: SimulatedRun.Sabotage
  ) async throws {
    // Undone opinions also park messages and keep walks waiting, whichever comes first with a seed:
    // several seeds are looked at.
    let run =
      sabotage == .opinionsAreUndone
      ? try await SimulateProcess.run(
        "--seed", "1", "--count", "10", "--sabotage", sabotage.rawValue)
      : try await SimulateProcess.run(
        "--seed", "1", "--count", "30", "--until-failure", "--sabotage", sabotage.rawValue)
    #expect(run.exitCode == 1, "\(run.text)")
    #expect(run.text.contains(Self.finding(of: sabotage)), "\(run.text)")
  }

  /// What the first seed that finds a sabotage has to say of it.
  private static func finding(of sabotage: SimulatedRun.Sabotage) -> String {
    switch sabotage {
    // What is forgotten shows itself wherever a walk is at that moment.
    case .storesForget, .inboxesForget: "seed "
    case .inboxesStayEmpty: "one key was answered in two ways"
    case .historiesForget: "has history"
    case .statesJump: "went from submitted to completed"
    case .personsAreForgotten: "persons have two open applications"
    case .opinionsAreUndone: "2 of 2 officers have signed version"
    case .outboxesPark: "messages are parked"
    // What is handed over is sent all the same; what waited for a claim is not.
    case .outboxesForget: "the stores differ: "
    case .logsForget: "changes are not in the log"
    case .leavesMove: "leaves are missing under the newest head"
    case .watchesGoBack: "was told of version"
    case .gatewaysLose: "was never delivered"
    case .gatewaysRepeat: "times, not once"
    }
  }

  @Test func `without an order of hashes it does not begin`() async throws {
    let run = try await SimulateProcess.run("--seed", "1", hashing: nil)
    #expect(run.exitCode == 64, "\(run.text)")
  }
}
