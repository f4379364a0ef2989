import Crypto
import DomainModel
import NotificationCore
import NotificationGateways
import RPC
import ServiceKit

/// The message queue as a process.
@main
enum Main {
  static func main() async {
    await ServiceProcess.run(.notification, reading: Self.settings) { wiring, settings in
      let keys = try wiring.openKeys()
      let store = try await wiring.openStore(
        NotificationAssembly.migrations, sealed: NotificationAssembly.sealedTables)
      let assembly = NotificationAssembly(
        wiring.parts(over: store, sealer: keys.sealer),
        templates: try MessageTemplates(text: wiring.policy.text("templates.tsv")),
        gateway: try settings.gateway.makeGateway(wiring),
        delivery: settings.delivery)
      wiring.addJobs(assembly.jobs)
      wiring.serve(NotificationAssembly.access) { assembly.register(on: &$0) }
    }
  }

  private struct Settings: Sendable {
    var gateway: GatewaySettings
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
    return Settings(gateway: GatewaySettings(&reader), delivery: delivery)
  }
}
