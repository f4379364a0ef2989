import CertificateRegistryCore
import Crypto
import DomainModel
import RPC
import ServiceKit

/// The certificate registry as a process.
@main
enum Main {
  static func main() async {
    await ServiceProcess.run(.registry, peers: [.notification], reading: Self.settings) {
      wiring, settings in
      let keys = try wiring.openKeys(signs: true, passphrase: settings.passphrase)
      guard let signingKey = keys.signingKey else {
        throw CryptoError.keyUnreadable("the registry has no signing key")
      }
      let press = try PaperPress(
        on: wiring.makePool(threads: PaperPress.threads, workMax: PaperPress.papersMax))
      let store = try await wiring.openStore(
        RegistryAssembly.migrations, sealed: RegistryAssembly.sealedTables)
      let effects = RegistryEffects(
        blindIndex: keys.blindIndex, signer: try PooledSigner(signingKey, keys.successions),
        checks: BlockingPool(), press: press, notification: wiring.connect(to: .notification))
      let assembly = RegistryAssembly(
        wiring.parts(over: store, sealer: keys.sealer), effects,
        policy: RegistryPolicy(try RegionRules(reading: wiring.policy.text)),
        settings: settings.core)
      try await wiring.checkPersons { try await assembly.checkKeys($0) }
      wiring.addJobs(assembly.jobs)
      wiring.health.addCheck("log") { try await assembly.checkLog() }
      wiring.serve(RegistryAssembly.access, retelling: assembly.retelling) {
        assembly.register(on: &$0)
      }
    }
  }

  private static func settings(
    _ reader: inout SettingsReader
  ) -> (core: RegistrySettings, passphrase: String?) {
    var core = RegistrySettings()
    let watchers = reader.text(
      "feed.watchers", default: "none",
      "the integrators that may watch the changes, by the `sub` of their tokens: with spaces "
        + "between, or none; auditors always may")
    core.watchers =
      watchers == "none" ? [] : Set(watchers.split(separator: " ").map(String.init))
    core.leafWaitMs = reader.number(
      "log.answer.ms", default: core.leafWaitMs, in: 0...10_000,
      "how many milliseconds the answer to a change of a permit waits for its leaf in the log")
    core.provisionYears = reader.number(
      "provisions.years", default: core.provisionYears, in: RegistrySettings.provisionYears,
      "for how many years it is kept who looked at whose permit")
    core.authorities = Authorities(
      reader.text(
        "authorities", default: Authorities.standard,
        "the integrators, by id with commas between, that may report what has become of persons "
          + "and import permits"))
    let passphrase = reader.optionalText(
      "keys.passphrase", "what the signing key's file is encrypted under, where it is")
    return (core, passphrase)
  }
}
