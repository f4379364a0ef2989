import CertificateRegistryCore
import Crypto
import DomainModel
import RPC
import ServiceKit

/// The certificate registry as a process.
@main
enum Main {
  static func main() async {
    await ServiceProcess.run(.registry, peers: [.notification], reading: Self.authorities) {
      wiring, authorities in
      let keys = try wiring.openKeys(signs: true)
      guard let signingKey = keys.signingKey else {
        throw CryptoError.keyUnreadable("the registry has no signing key")
      }
      let store = try await wiring.openStore(
        RegistryAssembly.migrations, sealed: RegistryAssembly.sealedTables)
      let assembly = try RegistryAssembly(
        wiring.parts(over: store, sealer: keys.sealer), blindIndex: keys.blindIndex,
        signer: PooledSigner(signingKey),
        policy: RegistryPolicy(RegionRules(reading: wiring.policy.text)),
        authorities: Authorities(authorities),
        notification: wiring.connect(to: .notification))
      try await wiring.checkPersons { try await assembly.checkKeys($0) }
      wiring.addJobs(assembly.jobs)
      wiring.health.addCheck("log") { try await assembly.checkLog() }
      wiring.serve(RegistryAssembly.access, retelling: assembly.retelling) {
        assembly.register(on: &$0)
      }
    }
  }

  private static func authorities(_ reader: inout SettingsReader) -> String {
    reader.text(
      "authorities", default: Authorities.standard,
      "the integrators, by id with commas between, that may report what has become of persons and "
        + "import permits")
  }
}
