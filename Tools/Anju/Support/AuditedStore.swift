import ArgumentParser
import Crypto
import DomainModel
import Foundation
import Logging
import Storage
import StoragePostgres
import StorageSQLite

/// Where the store is that is to be audited: a file, or a database of a PostgreSQL server.
struct AuditedStore: ParsableArguments {
  /// Where a service on this machine has it unless told otherwise.
  static let fileDefault = ".anju/data/registry.db"

  @Option(help: "The registry's store, a file (default: \(fileDefault)).")
  var store: String?

  @Option(help: "The registry's store, a database of a PostgreSQL server, in place of --store.")
  var database: String?

  @Option(help: "Where that server is: a name or an address, or the folder of its socket.")
  var host = "127.0.0.1"

  @Option(help: "The server's port.")
  var port = 5432

  @Option(help: "As which user (role) the database is opened.")
  var user = "anju"

  @Option(help: "The file with the user's password (mode 0600); without one, ~/.pgpass.")
  var passwordFile: String?

  @Option(
    help: """
      The PEM file of the roots that the server's certificate must lead to. Without one nothing is \
      encrypted, which only a server on this machine may be asked for.
      """)
  var tlsRoots: String?

  func validate() throws {
    guard self.database != nil else {
      if self.passwordFile != nil || self.tlsRoots != nil {
        throw ValidationError("--password-file and --tls-roots need --database.")
      }
      return
    }
    if self.store != nil { throw ValidationError("Give --store or --database, not both.") }
    if !(1...65_535).contains(self.port) { throw ValidationError("--port is 1 to 65535.") }
    if self.tlsRoots == nil && !self.isNear {
      throw ValidationError("\(self.host) is not this machine: give --tls-roots.")
    }
  }

  /// Which it is, for people.
  var name: String { self.server?.name ?? self.file }

  /// Opens it. Throws `ValidationError` for a file that is not there, and what the engine throws.
  func open() throws -> any Store {
    let logger = Logger(label: "anju") { _ in SwiftLogNoOpLogHandler() }
    if let server = self.server {
      // One reads at a time, and nothing is written.
      var options = PostgresOptions()
      options.writersMax = 1
      options.readersMax = 1
      return try PostgresStore(
        server, options: options,
        effects: PostgresStore.Effects(time: WallClock(), random: SecureRandom()), logger: logger)
    }
    guard FileManager.default.fileExists(atPath: self.file) else {
      throw ValidationError("\(self.file) is not there.")
    }
    return try SQLiteStore(.file(self.file), time: WallClock(), logger: logger)
  }

  private var file: String { self.store ?? Self.fileDefault }

  private var server: PostgresServer? {
    self.database.map { database in
      var server = PostgresServer(
        host: self.host, port: self.port, database: database, user: self.user)
      server.passwordFile = self.passwordFile
      server.tlsRoots = self.tlsRoots
      server.tls = self.tlsRoots == nil ? .disable : .verifyFull
      return server
    }
  }

  /// Whether nothing leaves this machine on the way there.
  private var isNear: Bool {
    self.host.hasPrefix("/") || ["127.0.0.1", "::1", "localhost"].contains(self.host)
  }
}
