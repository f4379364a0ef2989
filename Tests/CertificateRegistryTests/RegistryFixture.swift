import Crypto
import DomainModel
import Logging
import Papers
import RPC
import ServiceCore
import Storage
import StorageSQLite
import TestSupport
import Wire

@testable import CertificateRegistryCore

/// A registry in this process: the real handlers over the generated client, SQLite in memory, real
/// seals and signatures, and a notification service that remembers what it was asked.
struct RegistryFixture: Sendable {
  let clock: FakeClock
  let random: SeededRandom
  let seals: TestSeals
  let store: any Store
  let signer: DirectSigner
  let policy: RegistryPolicy
  let notification = RecordingNotification()
  let intake = RecordingIntake()
  let parts: CoreParts
  let assembly: RegistryAssembly
  let channel: any RPCChannel
  let client: RegistryV1.CertificateRegistryServiceClient

  /// A registry; with another one, its process again, over another store.
  /// Answers do not wait for leaves unless the settings say so: a clock that stands still would
  /// hold them for good.
  init(
    again registry: RegistryFixture? = nil, signer: DirectSigner? = nil,
    clock: FakeClock = FakeClock(), over other: (any Store)? = nil,
    settings: RegistrySettings = RegistrySettings(watchers: ["data-platform"], leafWaitMs: 0),
    feeds: [FeedSink] = []
  ) async throws {
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    self.clock = registry?.clock ?? clock
    self.random = registry?.random ?? SeededRandom()
    self.store = try other ?? SQLiteStore(.memory, time: self.clock, logger: logger)
    try await Migrator(RegistryAssembly.migrations)
      .migrate(self.store, now: self.clock.now())
    self.signer = try signer ?? registry?.signer ?? DirectSigner()
    self.policy = try Self.policy()
    self.seals = registry?.seals ?? TestSeals(random: self.random)
    self.parts = CoreParts(
      store: self.store, sealer: self.seals.sealer, time: self.clock, random: self.random,
      logger: logger)
    let effects = RegistryEffects(
      blindIndex: self.seals.blindIndex, signer: self.signer, checks: InlinePool(),
      press: try Self.press.get(), notification: try self.notification.channel(self.clock),
      intake: try self.intake.channel(self.clock), feeds: feeds)
    self.assembly = RegistryAssembly(self.parts, effects, policy: self.policy, settings: settings)
    var router = RPCRouter(
      identity: TestIdentity(), access: RegistryAssembly.access, logger: logger)
    self.assembly.register(on: &router)
    self.channel = try InProcessTransport(router, clock: self.clock)
    self.client = RegistryV1.CertificateRegistryServiceClient(self.channel)
  }

  /// The store as the handlers have it.
  var registryStore: RegistryStore {
    RegistryStore(
      self.parts, index: self.seals.blindIndex, policy: self.policy,
      format: (permits: .wire, registrations: .wire),
      signingKeys: SigningKeyTable(successions: self.signer.successions))
  }

  /// The log's tables.
  var log: LogTable { self.registryStore.log }

  /// Its fonts are found once a process.
  static let press = Result { try PaperPress(on: InlinePool()) }

  static func policy() throws -> RegistryPolicy {
    RegistryPolicy(try RegionRules(reading: PolicyTexts.text))
  }

  /// What the row of a permit or a registration says of a person.
  func holder(of entity: String, _ kind: String) async throws -> LoggedHolder {
    let tables = self.registryStore
    return try await self.store.read { snapshot in
      kind == "permit"
        ? try tables.permits.holder(snapshot, of: ID(entity))
        : try tables.registrations.holder(snapshot, of: ID(entity))
    }
  }

  /// A table of the registry.
  enum Table: String {
    case registration, person, permit, history, outbox
  }

  /// How many rows a table has.
  func count(_ table: Table) async throws -> Int {
    let sql: SQL =
      switch table {
      case .registration: "SELECT COUNT(*) AS n FROM registration"
      case .person: "SELECT COUNT(*) AS n FROM person"
      case .permit: "SELECT COUNT(*) AS n FROM permit"
      case .history: "SELECT COUNT(*) AS n FROM history"
      case .outbox: "SELECT COUNT(*) AS n FROM outbox"
      }
    return try await self.store.read { try $0.row(sql)?.int("n") } ?? 0
  }

  /// Issues a permit to the `person`th person, in a case of his own.
  func issue(_ person: Int) async throws -> RegistryV1.Permit? {
    try await self.client.issuePermit(.sample(person), options: .approval).permit
  }
}

/// Signs in the caller.
struct DirectSigner: PermitSigner {
  let keyID: String
  let publicKeyPEM: String
  let successions: [KeySuccession]
  private let key: SM2PrivateKey

  /// Signs with a new key, which takes the place of another signer's where there is one, or bears a
  /// name that is not its own.
  init(after earlier: DirectSigner? = nil, named name: String? = nil) throws {
    self.key = try SM2PrivateKey.generate()
    let publicKey = try self.key.publicKey()
    self.publicKeyPEM = try publicKey.pem()
    self.keyID = try name ?? publicKey.name()
    let last = try earlier.map { try KeySuccession(of: publicKey, by: $0.key) }
    self.successions = (earlier?.successions ?? []) + [last].compactMap(\.self)
  }

  func sign(_ document: [UInt8]) async throws -> [UInt8] {
    try self.key.sign(document)
  }
}

extension CallOptions {
  static let intake = Self.calling(.service, "intake")
  static let approval = Self.calling(.service, "approval")
  /// Of the station that made the sample's registrations.
  static let officer = Self.officer("330106500000")
  /// Of a station of another county.
  static let stranger = Self.officer("330102500000")
  static let auditor = Self.calling(.auditor, "auditor-1")
  static let dataPlatform = Self.calling(.integrator, "data-platform")
  static let applicant = CallOptions(
    metadata: Metadata(
      caller: Caller(kind: .applicant, id: "one", citizenID: "11010519491231002X")))
  static let integrator = Self.calling(.integrator, "population-register")
  /// One that speaks for an authority.
  static let authority = Self.calling(.integrator, Authorities.standard)

  static func officer(_ office: String) -> CallOptions {
    CallOptions(
      metadata: Metadata(
        caller: Caller(kind: .officer, id: "police-\(office)", office: office, role: "accept")))
  }

  private static func calling(_ kind: Caller.Kind, _ id: String) -> CallOptions {
    CallOptions(metadata: Metadata(caller: Caller(kind: kind, id: id)))
  }
}
