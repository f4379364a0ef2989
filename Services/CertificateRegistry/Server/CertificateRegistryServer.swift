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
      let store = try await wiring.openStore(
        RegistryAssembly.migrations, sealed: RegistryAssembly.sealedTables)
      let assembly = try RegistryAssembly(
        wiring.parts(over: store, sealer: keys.sealer), blindIndex: keys.blindIndex,
        signer: PooledSigner(signingKey, keys.successions),
        policy: RegistryPolicy(RegionRules(reading: wiring.policy.text)),
        notification: wiring.connect(to: .notification), settings: settings.core)
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
    let watchers = reader.text(
      "feed.watchers", default: "none",
      "the integrators that may watch the changes, by the `sub` of their tokens: with spaces "
        + "between, or none; auditors always may")
    let core = RegistrySettings(
      watchers: watchers == "none" ? [] : Set(watchers.split(separator: " ").map(String.init)),
      leafWaitMs: reader.number(
        "log.answer.ms", default: 2_000, in: 0...10_000,
        "how many milliseconds the answer to a change of a permit waits for its leaf in the log"))
    let passphrase = reader.optionalText(
      "keys.passphrase", "what the signing key's file is encrypted under, where it is")
    return (core, passphrase)
  }
}
