import Crypto
import DomainModel
import IntakeCore
import RPC
import ServiceKit
import StorageSQLite

/// The intake service as a process, over SQLite.
@main
enum Main {
  static func main() async {
    await ServiceProcess.run(.intake, peers: [.registry, .approval, .notification]) { wiring in
      let (clock, logger) = (wiring.clock, wiring.logger)
      let keys = try wiring.openKeys()
      let store = try await wiring.openStore(IntakeAssembly.migrations) { path in
        try SQLiteStore(.file(path), time: clock, logger: logger)
      } close: {
        await $0.close()
      }
      let divisions = try DivisionTable(text: wiring.policy.text("divisions.tsv"))
      let rules = IntakeAssembly.Rules(
        divisions: divisions,
        offices: try OfficeTable(
          text: wiring.policy.text("offices.tsv"), divisions: divisions),
        calendar: try WorkingDayCalendar(text: wiring.policy.text("calendar.tsv")),
        policy: try PolicySettings(text: wiring.policy.text("zhejiang.tsv")))
      let assembly = IntakeAssembly(
        wiring.parts(over: store, sealer: keys.sealer),
        index: keys.blindIndex,
        peers: IntakeAssembly.Peers(
          registry: wiring.connect(to: .registry), approval: wiring.connect(to: .approval),
          notification: wiring.connect(to: .notification)),
        rules: rules)
      try await assembly.checkKeys()
      wiring.addJobs(assembly.jobs)
      wiring.serve(IntakeAssembly.access) { assembly.register(on: &$0) }
    }
  }
}
