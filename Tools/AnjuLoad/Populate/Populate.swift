import ArgumentParser
import DomainModel
import Foundation
import Logging
import RPC
import ServiceKit
import ToolKit

/// Fills the four stores with persons before their services are started.
struct Populate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fill the services' stores with persons who have lived the past year.",
    discussion: """
      Takes the settings that the services will be started with, from the environment and the file \
      that ANJU_CONFIG names, and makes the stores and keys that they say. It tells first how much \
      room it needs, and refuses where that is not there or a store is. Exits 3 where it could not \
      begin or did not come to its end: what is there then is in folders of its own that no service \
      reads.
      """)

  @Option(help: "How many persons are stored.")
  var persons: Int

  @Option(help: "How many of them hold a permit; 24 of 100 if absent, as in the province.")
  var permits: Int?

  @Option(help: "From which number all persons are drawn; another each time if absent.")
  var seed: UInt64?

  @Option(help: "Through how many platforms they come, in turns.")
  var platforms = 16

  @Option(help: "Over how many past days they came.")
  var pastDays = YearPlan.pastDaysMax

  func validate() throws {
    guard (1...YearPlan.personsMax).contains(self.persons) else {
      throw ValidationError("--persons is 1 to \(YearPlan.personsMax).")
    }
    guard (0...self.persons).contains(self.permits ?? 0) else {
      throw ValidationError("--permits is 0 to as many as --persons.")
    }
    guard (1...YearPlan.pastDaysMax).contains(self.pastDays) else {
      throw ValidationError("--past-days is 1 to \(YearPlan.pastDaysMax).")
    }
    guard (1...Scenario.platformsMax).contains(self.platforms) else {
      throw ValidationError("--platforms is 1 to \(Scenario.platformsMax).")
    }
  }

  func run() async throws {
    let output = Output(json: false)
    do {
      var logger = Logger(label: "anju-load") { StreamLogHandler.standardError(label: $0) }
      logger.logLevel = .error
      let services = try ServiceName.inOrder.map { try OfflineService($0, logger: logger) }
      let stores = try UnfinishedStores(services)
      let plan = YearPlan(
        persons: self.persons, holders: self.permits ?? YearPlan.usualHolders(of: self.persons),
        pastDays: self.pastDays)
      try Room(need: SpaceNeed(plan: plan), stores: stores).check(output)
      let populating = Populating(
        plan: plan, seed: self.seed ?? .random(in: 1...999_999_999), platforms: self.platforms,
        stores: stores, logger: logger, output: output)
      try await populating.run()
    } catch let error as CleanExit {
      throw error
    } catch {
      for line in "\(error)".split(separator: "\n") { output.failure(String(line)) }
      throw Ending.impossible
    }
  }
}
