import ArgumentParser
import Foundation
import ToolKit

/// Lists the scenarios there are.
struct Scenarios: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the scenarios of a folder, or say why one is refused.")

  @Option(help: "The folder of scenarios (ANJU_SCENARIOS).")
  var scenarios = environment("ANJU_SCENARIOS") ?? "Tools/AnjuLoad/Scenarios"

  func run() throws {
    let files = ((try? FileManager.default.contentsOfDirectory(atPath: self.scenarios)) ?? [])
      .filter { $0.hasSuffix(".json") }.sorted()
    var isRefused = files.isEmpty
    for file in files {
      do {
        let scenario = try Scenario.read("\(self.scenarios)/\(file)")
        print("\(scenario.name): \(scenario.summary)")
      } catch let refused as ScenarioRefused {
        isRefused = true
        for reason in refused.reasons { print(reason) }
      }
    }
    if isRefused { throw Ending.impossible }
  }
}
