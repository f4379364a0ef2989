internal import DomainModel
internal import Logging
internal import RPC
internal import Storage
internal import StoragePostgres
internal import StorageSQLite

/// A service's database, on the engine that the settings name: the one place that knows which it
/// is.
struct ServiceDatabase {
  private let settings: StoreSettings
  private let folder: String
  private let path: String
  private let time: any TimeSource
  private let random: any RandomSource
  private let logger: Logger

  init(
    of service: ServiceName, _ settings: CommonSettings, time: any TimeSource,
    random: any RandomSource, logger: Logger
  ) {
    self.settings = settings.store
    self.folder = settings.dataDirectory
    self.path = "\(settings.dataDirectory)/\(service.rawValue).db"
    self.time = time
    self.random = random
    self.logger = logger
  }

  /// Which it is, for people: its file, or its server and database.
  var name: String {
    switch self.settings.engine {
    case .sqlite: self.path
    case .postgres: self.settings.server.name
    }
  }

  /// Whether there is a store already; asks the server, if it is on one.
  func hasData() throws -> Bool {
    switch self.settings.engine {
    case .sqlite: FileText.exists(self.path)
    case .postgres:
      try PostgresStore.hasTables(
        self.settings.server, options: self.settings.options, effects: self.effects,
        logger: self.logger)
    }
  }

  /// Opens it; throws one sentence that names the file or the server and says what to do.
  func open() throws -> any Store {
    // Beside a database, it may hold files of the service's own.
    try FileText.makeFolder(self.folder)
    switch self.settings.engine {
    case .sqlite:
      return try SQLiteStore(.file(self.path), time: self.time, logger: self.logger)
    case .postgres:
      return try PostgresStore(
        self.settings.server, options: self.settings.options, effects: self.effects,
        logger: self.logger)
    }
  }

  private var effects: PostgresStore.Effects {
    PostgresStore.Effects(time: self.time, random: self.random)
  }
}
