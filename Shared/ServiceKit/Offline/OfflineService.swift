public import Crypto
public import DomainModel
public import Logging
public import RPC
public import Storage
public import StorageSQLite

/// One service's settings, keys and store without its process: for tools that make a store while
/// no service has it.
public struct OfflineService: Sendable {
  /// Which service.
  public let name: ServiceName
  /// The settings that its process will be started with.
  public let settings: CommonSettings
  private let passphrase: String?
  private let random: any RandomSource = SecureRandom()
  private let logger: Logger

  /// A service by the settings of this process's environment, or of the file that `ANJU_CONFIG`
  /// names: the same that its own process would read. What only that process declares is not
  /// looked at. Throws every problem there is.
  public init(_ name: ServiceName, logger: Logger) throws(ConfigurationError) {
    try self.init(name, environment: ProcessEnvironment.variables(), logger: logger)
  }

  init(
    _ name: ServiceName, environment: [String: String], logger: Logger
  ) throws(ConfigurationError) {
    var reader = try ServiceProcess.reader(of: name, environment)
    self.name = name
    self.logger = logger
    self.settings = CommonSettings(reading: &reader)
    self.passphrase =
      name == .registry
      ? reader.optionalText(
        "keys.passphrase", "what the signing key's file is encrypted under, where it is") : nil
    try reader.finishCommon()
  }

  /// The folder of policies, calendars and offices.
  public var policy: PolicyFiles { PolicyFiles(directory: self.settings.policyDirectory) }

  /// Where the service's store is, for people.
  public var place: String { self.database(SystemClock()).name }

  /// The path of its SQLite file.
  public var path: String { "\(self.settings.dataDirectory)/\(self.name.rawValue).db" }

  /// Whether it has a store already; asks the server, if it is on one.
  public func hasStore() throws -> Bool {
    try self.database(SystemClock()).hasData()
  }

  /// The keys that the service will start with; made where they are missing.
  public func openKeys() throws -> KeyRing {
    try KeyRing.load(self.keyPlace, storeHasData: false, random: self.random)
  }

  /// A new SQLite store in a file of the caller's, with the service's schema, and noted under which
  /// keys its values are sealed.
  public func makeStore(
    at path: String, _ migrations: [Migration], sealed: [SealedTable], keys: KeyRing,
    options: SQLiteOptions, time: any TimeSource
  ) async throws -> SQLiteStore {
    let store = try SQLiteStore(.file(path), options: options, time: time, logger: self.logger)
    try await Migrator(migrations).migrate(store, now: time.now())
    try await SealCheck(store, sealed, keyFile: self.keyPlace.dataKeyPath).run(keys.sealer)
    return store
  }

  /// The service's own store on a server, without a table yet.
  public func openServer(time: any TimeSource) throws -> any Store {
    try self.database(time).open()
  }

  private var keyPlace: KeyRing.Place {
    KeyRing.Place(
      directory: self.settings.keyDirectory, service: self.name.rawValue,
      signs: self.name == .registry, passphrase: self.passphrase)
  }

  private func database(_ time: any TimeSource) -> ServiceDatabase {
    ServiceDatabase(
      of: self.name, self.settings, time: time, random: self.random, logger: self.logger)
  }
}
