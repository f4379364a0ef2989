import RPC
import StoragePostgres
import Testing

@testable import ServiceKit

/// Settings of the store that do not fit together are refused before anything is opened.
struct StoreSettingsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let settings: [String: String]
    /// What is told; nil where the settings are good.
    let told: String?
    var testDescription: String { "\(self.settings)" }
  }

  static let cases = [
    Case(settings: [:], told: nil),
    Case(settings: ["ENGINE": "postgres"], told: nil),
    Case(settings: ["ENGINE": "postgres", "HOST": "/run/postgresql"], told: nil),
    Case(settings: ["ENGINE": "postgres", "HOST": "127.0.0.1,localhost"], told: nil),
    Case(settings: ["ENGINE": "oracle"], told: "cannot be \"oracle\""),
    Case(
      settings: ["HOST": "db.internal"],
      told: "intake.store.host is set, but intake.store.engine is sqlite"),
    Case(
      settings: ["PASSWORD_FILE": "/keys/password"],
      told: "intake.store.password.file is set, but intake.store.engine is sqlite"),
    Case(
      settings: ["ENGINE": "postgres", "HOST": "db.internal"],
      told: "intake.store.tls.roots is not set"),
    Case(
      settings: ["ENGINE": "postgres", "HOST": "127.0.0.1,db.internal"],
      told: "intake.store.tls.roots is not set"),
    Case(
      settings: ["ENGINE": "postgres", "HOST": "db.internal", "TLS_ROOTS": "/roots.pem"], told: nil),
    Case(
      settings: [
        "ENGINE": "postgres", "HOST": "db.internal", "TLS": "disable", "TLS_ROOTS": "/roots.pem",
      ],
      told: "intake.store.tls is disable, but db.internal is not this machine"),
    Case(
      settings: [
        "ENGINE": "postgres", "HOST": "db.internal", "TLS": "require", "TLS_ROOTS": "/roots.pem",
      ],
      told: "intake.store.tls is require, but db.internal is not this machine"),
    Case(
      settings: ["ENGINE": "postgres", "TLS": "verify-ca"],
      told: "intake.store.tls.roots is not set"),
    Case(settings: ["ENGINE": "postgres", "WRITERS": "0"], told: "INTAKE_STORE_WRITERS cannot be"),
  ]

  @Test(arguments: cases)
  func `what does not fit is told`(_ row: Case) {
    var environment: [String: String] = [:]
    for (key, value) in row.settings { environment["INTAKE_STORE_\(key)"] = value }
    var reader = SettingsReader(service: .intake, environment: environment)
    _ = StoreSettings(reading: &reader)
    do {
      try reader.finish()
      #expect(row.told == nil)
    } catch {
      let told = row.told ?? "nothing"
      #expect(error.problems.count == 1)
      #expect(error.problems.first?.contains(told) == true, "\(error.problems)")
    }
  }

  @Test func `a server elsewhere is reached by TLS alone`() {
    var far = StoreSettings(service: .intake)
    far.host = "db.internal"
    #expect(far.server.tls == .verifyFull)
    #expect(StoreSettings(service: .intake).server.tls == .disable)
    #expect(far.server.database == "anju_intake")
  }
}
