import Crypto
import DomainModel
import IntakeCore
import Papers
import RPC
import ServiceKit

/// The intake service as a process.
@main
enum Main {
  static func main() async {
    await ServiceProcess.run(
      .intake, peers: [.registry, .approval, .notification], reading: OwnSettings.init
    ) { wiring, settings in
      let keys = try wiring.openKeys()
      let region = try RegionRules(
        of: wiring.settings.policyRegion, reading: wiring.policy.text)
      let store = try await wiring.openStore(
        IntakeAssembly.migrations, sealed: IntakeAssembly.sealedTables)
      let assembly = try IntakeAssembly(
        wiring.parts(over: store, sealer: keys.sealer),
        index: keys.blindIndex,
        peers: IntakeAssembly.Peers(
          registry: wiring.connect(to: .registry), approval: wiring.connect(to: .approval),
          notification: wiring.connect(to: .notification)),
        data: IntakeAssembly.Data(
          region: region, policies: wiring.policy.policies(of: wiring.settings.policyRegion),
          servicePoints: ServicePointTable(
            text: wiring.policy.text("service_points.tsv"), divisions: region.divisions,
            offices: region.offices),
          registrars: settings.registrars),
        press: PaperPress(
          whenAskedOn: wiring.makePool(
            threads: PaperPress.threads, workMax: PaperPress.papersMax)))
      try await wiring.checkPersons { try await assembly.checkKeys($0) }
      wiring.addJobs(assembly.jobs)
      wiring.serve(IntakeAssembly.access, retelling: assembly.retelling) {
        assembly.register(on: &$0)
      }
    }
  }
}
