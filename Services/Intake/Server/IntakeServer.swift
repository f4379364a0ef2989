import Crypto
import DomainModel
import IntakeCore
import RPC
import ServiceKit

/// The intake service as a process.
@main
enum Main {
  static func main() async {
    await ServiceProcess.run(.intake, peers: [.registry, .approval, .notification]) { wiring in
      let keys = try wiring.openKeys()
      let store = try await wiring.openStore(
        IntakeAssembly.migrations, sealed: IntakeAssembly.sealedTables)
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
      try await wiring.checkPersons { try await assembly.checkKeys($0) }
      wiring.addJobs(assembly.jobs)
      wiring.serve(IntakeAssembly.access, retelling: assembly.retelling) {
        assembly.register(on: &$0)
      }
    }
  }
}
