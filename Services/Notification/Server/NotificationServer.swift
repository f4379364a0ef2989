import Crypto
import DomainModel
import NotificationCore
import NotificationGateways
import RPC
import ServiceKit

/// The message queue as a process, over SQLite, delivering to a file.
@main
enum Main {
  static func main() async {
    await ServiceProcess.run(.notification, reading: Self.settings) { wiring, settings in
      let (clock, logger) = (wiring.clock, wiring.logger)
      let keys = try wiring.openKeys()
      let store = try await wiring.openStore(
        NotificationAssembly.migrations, sealed: NotificationAssembly.sealedTables)
      let assembly = NotificationAssembly(
        wiring.parts(over: store, sealer: keys.sealer),
        templates: try MessageTemplates(text: wiring.policy.text("templates.tsv")),
        gateway: try FileGateway(path: settings.gatewayFile, time: clock, logger: logger),
        delivery: settings.delivery)
      wiring.addJobs(assembly.jobs)
      wiring.serve(NotificationAssembly.access) { assembly.register(on: &$0) }
    }
  }

  private struct Settings: Sendable {
    var gatewayFile: String
    var delivery: DeliverySettings
  }

  private static func settings(_ reader: inout SettingsReader) -> Settings {
    var delivery = DeliverySettings()
    delivery.concurrencyMax = reader.number(
      "delivery.concurrency", default: delivery.concurrencyMax, in: 1...512,
      "how many messages are with the gateway at the same time")
    delivery.retries.triesMax = reader.number(
      "delivery.tries", default: delivery.retries.triesMax, in: 1...100,
      "after how many failed tries a message is a dead letter")
    return Settings(
      gatewayFile: reader.text(
        "gateway.file", default: ".anju/data/sms.jsonl",
        "the file that delivered messages are appended to, one JSON object a line"),
      delivery: delivery)
  }
}
