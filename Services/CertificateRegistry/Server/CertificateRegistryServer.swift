import CertificateRegistryCore
import Crypto
import DomainModel
import Papers
import RPC
import ServiceKit

/// The certificate registry as a process.
@main
enum Main {
  static func main() async {
    await ServiceProcess.run(
      .registry, peers: [.notification, .intake], reading: OwnSettings.init
    ) { wiring, settings in
      let keys = try wiring.openKeys(signs: true, passphrase: settings.passphrase)
      guard let signingKey = keys.signingKey else {
        throw CryptoError.keyUnreadable("the registry has no signing key")
      }
      let press = try PaperPress(
        on: wiring.makePool(threads: PaperPress.threads, workMax: PaperPress.papersMax))
      let store = try await wiring.openStore(
        RegistryAssembly.migrations, sealed: RegistryAssembly.sealedTables)
      let effects = RegistryEffects(
        blindIndex: keys.blindIndex,
        signer: try PooledSigner(
          signingKey, keys.successions, on: BlockingPool()),
        checks: BlockingPool(), press: press, notification: wiring.connect(to: .notification),
        intake: wiring.connect(to: .intake),
        feeds: settings.sinks.map {
          FeedSink(
            name: $0.name, channel: wiring.connect(toOthers: $0.servers),
            divisionPrefix: $0.divisionPrefix)
        })
      let assembly = RegistryAssembly(
        wiring.parts(over: store, sealer: keys.sealer), effects,
        policy: RegistryPolicy(
          try RegionRules(of: wiring.settings.policyRegion, reading: wiring.policy.text)),
        settings: settings.registry)
      try await wiring.checkPersons { try await assembly.checkKeys($0) }
      try await assembly.lookAtIssuing()
      wiring.addJobs(assembly.jobs)
      wiring.health.addCheck("issuing") { try assembly.checkIssuing() }
      wiring.health.addCheck("log") { try await assembly.checkLog() }
      wiring.serve(RegistryAssembly.access, retelling: assembly.retelling) {
        assembly.register(on: &$0)
      }
    }
  }
}
