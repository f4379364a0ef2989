/// Which database of which server a store lives in, and as whom it is opened.
public struct PostgresServer: Hashable, Sendable {
  /// How the connection is encrypted, in libpq's words.
  public enum TLS: String, Hashable, Sendable, CaseIterable {
    /// Not at all: for this machine's loopback and sockets.
    case disable
    /// Encrypted, whoever the server is: keeps out who listens, not who stands between.
    case require
    /// Encrypted, with a certificate of the roots.
    case verifyCA = "verify-ca"
    /// Encrypted, with a certificate of the roots that names the host.
    case verifyFull = "verify-full"
  }

  /// The host's name or address, several with commas between, or the folder of a socket (`/run/…`).
  /// Of several, the one that takes writes is used.
  public var host: String
  /// The port, the same on every host.
  public var port: Int
  /// The database; it must exist.
  public var database: String
  /// The user (role) that the store acts as.
  public var user: String
  /// A file whose first line is the user's password, read at each connect, so that it can be
  /// changed while the service runs; others may not read it. Without one libpq looks into
  /// `~/.pgpass`.
  public var passwordFile: String?
  /// How the connection is encrypted.
  public var tls = TLS.verifyFull
  /// The PEM file of the roots that the server's certificate must lead to, for the two that verify.
  public var tlsRoots: String?
  /// The schema that the tables are in; it must exist.
  public var schema = "public"

  /// A database.
  public init(host: String, port: Int = 5432, database: String, user: String) {
    self.host = host
    self.port = port
    self.database = database
    self.user = user
  }

  /// The name for people; never the password.
  public var name: String {
    "PostgreSQL at \(self.host):\(self.port), database \(self.database), user \(self.user)"
  }
}
