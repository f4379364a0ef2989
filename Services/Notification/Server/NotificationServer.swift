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
    await ServiceProcess.run(.notification, peers: [.intake], reading: OwnSettings.init) {
      wiring, settings in
      let (clock, logger) = (wiring.clock, wiring.logger)
      let keys = try wiring.openKeys()
      let store = try await wiring.openStore(
        NotificationAssembly.migrations, sealed: NotificationAssembly.sealedTables)
      var data = try NotificationAssembly.Data(reading: wiring.policy.text)
      data.queuedMax = settings.queuedMax
      let assembly = try NotificationAssembly(
        wiring.parts(over: store, sealer: keys.sealer), index: keys.blindIndex,
        intake: wiring.connect(to: .intake), data: data,
        gateway: FileGateway(path: settings.gatewayFile, time: clock, logger: logger),
        delivery: settings.delivery)
      try await wiring.checkPersons { try await assembly.checkKeys($0) }
      wiring.addJobs(assembly.jobs)
      wiring.serve(NotificationAssembly.access) { assembly.register(on: &$0) }
    }
  }
}
