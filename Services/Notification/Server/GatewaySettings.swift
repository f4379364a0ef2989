import NotificationGateways
import ServiceKit

/// Where messages leave: to a file, or by a plan of gateways to providers.
struct GatewaySettings: Sendable {
  private let file: String
  private let folder: String?

  init(_ reader: inout SettingsReader) {
    self.file = reader.text(
      "gateway.file", default: ".anju/data/sms.jsonl",
      "the file that delivered messages are appended to, one JSON object a line")
    self.folder = reader.optionalText(
      "gateway.folder",
      "the folder of gateways.conf, the plan of gateways to providers, and of the secrets that it "
        + "names; without it, messages go to the file")
  }

  /// The gateways of the folder's plan; without a folder, the file.
  func makeGateway(_ wiring: borrowing ServiceWiring) throws -> any MessageGateway {
    let (time, random, logger) = (wiring.clock, wiring.random, wiring.logger)
    let file = { try FileGateway(path: self.file, time: time, logger: logger) }
    guard let folder else { return try file() }
    let files = PolicyFiles(directory: folder)
    let plan = try GatewayPlan(
      text: files.text("gateways.conf"), secret: { try files.text($0) })
    return try plan.makeGateway(file: file, time: time, random: random, logger: logger)
  }
}
