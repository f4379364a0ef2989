import ArgumentParser

/// Asks the four services at a rate that does not wait for them, and says what became of it.
@main
struct AnjuLoad: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anju-load",
    abstract: "Load Anju's four services and report honestly what they held.",
    discussion: """
      Calls start when the scenario's schedule says so, whether or not earlier ones were answered, \
      and latencies count from the intended start. What each scenario does, what the report means \
      and which exit code says what: Tools/AnjuLoad/README.md.
      """,
    subcommands: [Run.self, Knee.self, Populate.self, Compare.self, Scenarios.self])
}

/// With what a command ends where it does not end well; wrong options end with 64.
enum Ending {
  /// An aim was missed or an invariant broken.
  static let missed = ExitCode(1)
  /// A target is not there, or the run could not be prepared.
  static let impossible = ExitCode(3)
  /// The generator was too slow for the rate: nothing is said of the services.
  static let tooSlow = ExitCode(2)
}
