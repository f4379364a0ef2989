import ApprovalCore
import Crypto
import DomainModel
import RPC
import ServiceKit

/// The approval service as a process.
@main
enum Main {
  static func main() async {
    await ServiceProcess.run(
      .approval, peers: [.intake, .registry], reading: OwnSettings.init
    ) { wiring, settings in
      let keys = try wiring.openKeys()
      let store = try await wiring.openStore(
        ApprovalAssembly.migrations, sealed: ApprovalAssembly.sealedTables)
      let assembly = try ApprovalAssembly(
        wiring.parts(over: store, sealer: keys.sealer),
        peers: ApprovalAssembly.Peers(
          intake: wiring.connect(to: .intake), registry: wiring.connect(to: .registry),
          platforms: settings.platforms.map { wiring.connect(to: $0) }),
        rules: RegionRules(of: wiring.settings.policyRegion, reading: wiring.policy.text),
        policies: wiring.policy.policies(of: wiring.settings.policyRegion),
        settings: settings.approval)
      wiring.addJobs(assembly.jobs)
      wiring.serve(ApprovalAssembly.access, retelling: assembly.retelling) {
        assembly.register(on: &$0)
      }
    }
  }
}
