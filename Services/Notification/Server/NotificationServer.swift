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
    await ServiceProcess.run(.notification, peers: [.intake], reading: OwnSettings.init) {
      wiring, settings in
      let keys = try wiring.openKeys()
      let store = try await wiring.openStore(
        NotificationAssembly.migrations, sealed: NotificationAssembly.sealedTables)
      var data = try NotificationAssembly.Data(reading: wiring.policy.text)
      data.queuedMax = settings.queuedMax
      let assembly = try NotificationAssembly(
        wiring.parts(over: store, sealer: keys.sealer), index: keys.blindIndex,
        intake: wiring.connect(to: .intake), data: data,
        gateway: settings.gateway.makeGateway(wiring), delivery: settings.delivery)
      try await wiring.checkPersons { try await assembly.checkKeys($0) }
      wiring.addJobs(assembly.jobs)
      wiring.serve(NotificationAssembly.access) { assembly.register(on: &$0) }
    }
  }
}
