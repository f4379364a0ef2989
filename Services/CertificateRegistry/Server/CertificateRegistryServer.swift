import CertificateRegistryCore
import Crypto
import DomainModel
import RPC
import ServiceKit

/// The certificate registry as a process.
@main
enum Main {
  static func main() async {
    await ServiceProcess.run(
      .registry, peers: [.notification], reading: Self.settings
    ) { wiring, settings in
      let keys = try wiring.openKeys(signs: true)
      guard let signingKey = keys.signingKey else {
        throw CryptoError.keyUnreadable("the registry has no signing key")
      }
      let press = try PaperPress(
        on: wiring.makePool(threads: PaperPress.threads, workMax: PaperPress.papersMax))
      let store = try await wiring.openStore(
        RegistryAssembly.migrations, sealed: RegistryAssembly.sealedTables)
      let effects = RegistryEffects(
        blindIndex: keys.blindIndex, signer: try PooledSigner(signingKey), checks: BlockingPool(),
        press: press, notification: wiring.connect(to: .notification))
      let assembly = RegistryAssembly(
        wiring.parts(over: store, sealer: keys.sealer), effects,
        policy: RegistryPolicy(try RegionRules(reading: wiring.policy.text)), settings: settings)
      try await wiring.checkPersons { try await assembly.checkKeys($0) }
      wiring.addJobs(assembly.jobs)
      wiring.health.addCheck("log") { try await assembly.checkLog() }
      wiring.serve(RegistryAssembly.access, retelling: assembly.retelling) {
        assembly.register(on: &$0)
      }
    }
  }

  private static func settings(_ reader: inout SettingsReader) -> RegistrySettings {
    var settings = RegistrySettings()
    settings.provisionYears = reader.number(
      "provisions.years", default: settings.provisionYears, in: RegistrySettings.provisionYears,
      "for how many years it is kept who looked at whose permit")
    return settings
  }
}
