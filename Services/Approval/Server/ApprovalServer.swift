import ApprovalCore
import Crypto
import DomainModel
import RPC
import ServiceKit

/// The approval service as a process.
@main
enum Main {
  static func main() async {
    await ServiceProcess.run(.approval, peers: [.intake, .registry]) { wiring in
      let keys = try wiring.openKeys()
      let store = try await wiring.openStore(
        ApprovalAssembly.migrations, sealed: ApprovalAssembly.sealedTables)
      let divisions = try DivisionTable(text: wiring.policy.text("divisions.tsv"))
      let rules = ApprovalAssembly.Rules(
        policies: try wiring.policy.policies(of: "zhejiang"),
        calendar: try WorkingDayCalendar(text: wiring.policy.text("calendar.tsv")),
        offices: try OfficeTable(
          text: wiring.policy.text("offices.tsv"), divisions: divisions))
      let assembly = ApprovalAssembly(
        wiring.parts(over: store, sealer: keys.sealer),
        peers: ApprovalAssembly.Peers(
          intake: wiring.connect(to: .intake), registry: wiring.connect(to: .registry)),
        rules: rules)
      wiring.addJobs(assembly.jobs)
      wiring.serve(ApprovalAssembly.access, retelling: assembly.retelling) {
        assembly.register(on: &$0)
      }
    }
  }
}
