public import RPC
internal import StoragePostgres

/// Which engine keeps a service's data, and where its server is if it has one.
public struct StoreSettings: Hashable, Sendable {
  /// What keeps the data.
  public enum Engine: String, Hashable, Sendable, CaseIterable {
    /// A file in `data.directory`, for one process.
    case sqlite
    /// A database of a PostgreSQL server, for any number of replicas.
    case postgres
  }

  /// How the connection to the server is encrypted.
  public enum TLS: String, Hashable, Sendable, CaseIterable {
    /// `disable` on this machine's loopback and sockets, else `verify-full`.
    case auto
    case disable
    case require
    case verifyCA = "verify-ca"
    case verifyFull = "verify-full"
  }

  /// What keeps the data.
  public var engine = Engine.sqlite
  /// The server's host, several with commas between, or the folder of its socket.
  public var host = "127.0.0.1"
  /// Its port.
  public var port = 5432
  /// The database, the service's own; it must exist.
  public var database: String
  /// The user.
  public var user = "anju"
  /// The file with the user's password; nil for `~/.pgpass`.
  public var passwordFile: String?
  /// How the connection is encrypted.
  public var tls = TLS.auto
  /// The roots that the server's certificate must lead to.
  public var tlsRoots: String?
  /// How many connections write.
  public var writers = 4
  /// How many connections read.
  public var readers = 2

  /// The defaults of one service.
  public init(service: ServiceName) {
    self.database = "anju_\(service.rawValue)"
  }

  /// Declares and reads the settings, and refuses those that do not fit together.
  init(reading reader: inout SettingsReader) {
    self.init(service: reader.service)
    self.engine = reader.choice(
      "store.engine", default: self.engine,
      "what keeps the data; sqlite: a file in data.directory, for one process; postgres: a server, "
        + "for any number of replicas")
    let host = reader.optionalText(
      "store.host",
      "where the PostgreSQL server is: a name or an address, several with commas between (the one "
        + "that takes writes is used), or the folder of its socket; without one, 127.0.0.1")
    self.port = reader.number(
      "store.port", default: self.port, in: 1...65535, "where the PostgreSQL server is: the port")
    self.database = reader.text(
      "store.database", default: self.database, "the service's own database; it must exist")
    self.user = reader.text("store.user", default: self.user, "the user (role) of the database")
    self.passwordFile = reader.optionalText(
      "store.password.file",
      "the file with the user's password (mode 0600), read at each connect; without one, ~/.pgpass")
    self.tls = reader.choice(
      "store.tls", default: self.tls,
      "how the connection is encrypted; auto: disable on loopback and sockets, else verify-full")
    self.tlsRoots = reader.optionalText(
      "store.tls.roots",
      "the PEM file of the roots that the server's certificate must lead to")
    self.writers = reader.number(
      "store.writers", default: self.writers, in: 1...500, "how many connections write")
    self.readers = reader.number(
      "store.readers", default: self.readers, in: 1...500, "how many connections read")
    self.refuseMisfits(host, &reader)
    self.host = host ?? self.host
  }

  private func refuseMisfits(_ host: String?, _ reader: inout SettingsReader) {
    let prefix = "\(reader.service.rawValue).store"
    guard self.engine == .postgres else {
      for (name, value) in [
        ("host", host), ("password.file", self.passwordFile), ("tls.roots", self.tlsRoots),
      ] where value != nil {
        reader.refuse("\(prefix).\(name) is set, but \(prefix).engine is sqlite")
      }
      return
    }
    let isNear = Self.isNear(host ?? self.host)
    if !isNear && (self.tls == .disable || self.tls == .require) {
      reader.refuse(
        "\(prefix).tls is \(self.tls.rawValue), but \(host ?? self.host) is not this machine: "
          + "set verify-full")
    }
    let verifies =
      self.tls == .verifyCA || self.tls == .verifyFull || (self.tls == .auto && !isNear)
    if verifies && self.tlsRoots == nil {
      reader.refuse("\(prefix).tls.roots is not set: the server's certificate must lead to them")
    }
  }

  /// Whether nothing leaves this machine on the way there.
  private static func isNear(_ hosts: String) -> Bool {
    hosts.split(separator: ",").allSatisfy { host in
      host.hasPrefix("/") || PeerAddress(host: String(host), port: 1).isLoopback
    }
  }

  /// The server, as the engine wants it.
  var server: PostgresServer {
    var server = PostgresServer(
      host: self.host, port: self.port, database: self.database, user: self.user)
    server.passwordFile = self.passwordFile
    server.tlsRoots = self.tlsRoots
    server.tls =
      switch self.tls {
      case .auto: Self.isNear(self.host) ? .disable : .verifyFull
      case .disable: .disable
      case .require: .require
      case .verifyCA: .verifyCA
      case .verifyFull: .verifyFull
      }
    return server
  }

  /// The engine's bounds.
  var options: PostgresOptions {
    var options = PostgresOptions()
    options.writersMax = self.writers
    options.readersMax = self.readers
    return options
  }
}
