import CertificateRegistryCore
import Crypto
import DomainModel
import RPC
import ServiceKit

/// The certificate registry as a process.
@main
enum Main {
  static func main() async {
    await ServiceProcess.run(.registry, peers: [.notification], reading: FeedSettings.init) {
      wiring, settings in
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
        notification: wiring.connect(to: .notification), settings: settings.registry,
        feeds: settings.sinks.map {
          FeedSink(name: $0.name, channel: wiring.connect(toOthers: $0.servers))
        })
      try await wiring.checkPersons { try await assembly.checkKeys($0) }
      wiring.addJobs(assembly.jobs)
      wiring.health.addCheck("log") { try await assembly.checkLog() }
      wiring.serve(RegistryAssembly.access, retelling: assembly.retelling) {
        assembly.register(on: &$0)
      }
    }
  }
}
