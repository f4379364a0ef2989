import ArgumentParser
import DomainModel
import Foundation
import LoadReport
import ToolKit
import Transport

/// What every command that loads is told.
struct LoadOptions: ParsableArguments {
  @Argument(
    help: "A scenario: the name of one in the scenarios' folder, or a file (with a / or .json).")
  var scenario: String

  @Option(help: "The folder of scenarios (ANJU_SCENARIOS).")
  var scenarios = environment("ANJU_SCENARIOS") ?? "Tools/AnjuLoad/Scenarios"

  @Option(help: "From which number all persons and choices are drawn; another each time if absent.")
  var seed: UInt64?

  @Option(help: "How many arrivals may be under way at once.")
  var inFlight = 5_000

  @Option(help: "How late 99 of 100 arrivals may begin, in ms, or nothing was measured.")
  var lagMs = 10

  @Option(help: "How many connections are kept to each service.")
  var connections = 4

  @Option(help: "How many persons were stored before, for the report.")
  var stored = 0

  @Option(
    help: """
      The file that populate wrote at its end: holders are then read who are stored, and newcomers \
      are none of them.
      """)
  var populated: String?

  @Option(help: "The folder of the services' SQLite stores, if it is on this machine.")
  var data: String?

  @Flag(help: "Call services beyond this machine. Ask whose they are first.")
  var allowRemote = false

  @Flag(help: "Leave out what the run cost: the services' metrics cannot be read.")
  var noCosts = false

  @Flag(help: "Leave out the invariants: not all four services are there.")
  var noChecks = false

  @OptionGroup var metrics: MetricsAddresses
  @OptionGroup var addresses: Addresses

  func validate() throws {
    guard (1...100_000).contains(self.inFlight) else {
      throw ValidationError("--in-flight is 1 to 100000.")
    }
    guard (1...60_000).contains(self.lagMs) else {
      throw ValidationError("--lag-ms is 1 to 60000.")
    }
    guard (1...64).contains(self.connections) else {
      throw ValidationError("--connections is 1 to 64.")
    }
    guard self.stored >= 0 else { throw ValidationError("--stored is not negative.") }
    guard self.addresses.credentials.token == nil else {
      throw ValidationError("--token is one caller's; a load has many. Give --keys.")
    }
  }

  /// The scenario; throws why there is none.
  func readScenario() throws -> Scenario {
    let isPath = self.scenario.contains("/") || self.scenario.hasSuffix(".json")
    var scenario = try Scenario.read(
      isPath ? self.scenario : "\(self.scenarios)/\(self.scenario).json")
    scenario.aims.generatorLagUsMax = Int64(self.lagMs) * 1_000
    return scenario
  }

  /// Throws where an address leaves this machine and nobody said that it may.
  func checkReach() throws {
    if self.allowRemote { return }
    let services = [
      self.addresses.intake, self.addresses.approval, self.addresses.notification,
      self.addresses.registry,
    ]
    for address in services.flatMap({ ServerAddress.list($0) ?? [] })
    where !Self.isLoopback(address.host) {
      throw ValidationError(
        "\(address) is not on this machine. A load is for loopback unless you give --allow-remote.")
    }
  }

  /// Whether a host can be nothing but this machine: a name may begin as an address does.
  static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { part in UInt8(part).map { "\($0)" } == String(part) }
  }
}

/// Where each service tells its metrics. An address may stand in the environment instead, under the
/// name that its help says.
struct MetricsAddresses: ParsableArguments {
  @Option(help: "Intake's admin port (ANJU_INTAKE_METRICS).")
  var intakeMetrics = environment("ANJU_INTAKE_METRICS") ?? "127.0.0.1:51051"

  @Option(help: "Approval's admin port (ANJU_APPROVAL_METRICS).")
  var approvalMetrics = environment("ANJU_APPROVAL_METRICS") ?? "127.0.0.1:51052"

  @Option(help: "Notification's admin port (ANJU_NOTIFICATION_METRICS).")
  var notificationMetrics = environment("ANJU_NOTIFICATION_METRICS") ?? "127.0.0.1:51053"

  @Option(help: "The registry's admin port (ANJU_REGISTRY_METRICS).")
  var registryMetrics = environment("ANJU_REGISTRY_METRICS") ?? "127.0.0.1:51054"

  func validate() throws {
    _ = try self.ports(isLoopbackOnly: true)
  }

  /// The ports, one a service.
  func ports(isLoopbackOnly: Bool) throws -> [AdminPort] {
    let all = [
      ("intake", self.intakeMetrics), ("approval", self.approvalMetrics),
      ("notification", self.notificationMetrics), ("registry", self.registryMetrics),
    ]
    return try all.map { service, text in
      guard let addresses = ServerAddress.list(text), addresses.count == 1 else {
        throw ValidationError("\(text) is not one address such as 127.0.0.1:51051.")
      }
      return AdminPort(service: service, address: addresses[0], isLoopbackOnly: isLoopbackOnly)
    }
  }
}
