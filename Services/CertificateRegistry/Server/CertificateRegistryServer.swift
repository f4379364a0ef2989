import CertificateRegistryCore
import Crypto
import DomainModel
import RPC
import ServiceKit

/// The certificate registry as a process.
@main
enum Main {
  static func main() async {
    await ServiceProcess.run(.registry, peers: [.notification]) { wiring in
      let keys = try wiring.openKeys(signs: true)
      guard let signingKey = keys.signingKey else {
        throw CryptoError.keyUnreadable("the registry has no signing key")
      }
      let store = try await wiring.openStore(
        CertificateRegistryAssembly.migrations, sealed: CertificateRegistryAssembly.sealedTables)
      let divisions = try DivisionTable(text: wiring.policy.text("divisions.tsv"))
      let policy = RegistryPolicy(
        divisions: divisions,
        offices: try OfficeTable(
          text: wiring.policy.text("offices.tsv"), divisions: divisions),
        settings: try PolicySettings(text: wiring.policy.text("zhejiang.tsv")),
        calendar: try WorkingDayCalendar(text: wiring.policy.text("calendar.tsv")))
      let assembly = CertificateRegistryAssembly(
        wiring.parts(over: store, sealer: keys.sealer), blindIndex: keys.blindIndex,
        signer: try PooledSigner(signingKey), policy: policy,
        notification: wiring.connect(to: .notification))
      try await wiring.checkPersons { try await assembly.checkKeys($0) }
      wiring.addJobs(assembly.jobs)
      wiring.serve(CertificateRegistryAssembly.access, retelling: assembly.retelling) {
        assembly.register(on: &$0)
      }
    }
  }
}
