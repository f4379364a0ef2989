/// How a server speaks TLS, and whom it lets in.
///
/// The files are looked at again every `checkMs`; what has changed holds for new connections.
public struct ServerTLS: Hashable, Sendable {
  /// How often files are looked at again unless it is said otherwise, in milliseconds.
  public static let checkMsDefault: Int64 = 10_000

  /// The server's certificate and key.
  public var identity: CertificateFiles
  /// The PEM file of the roots that clients' certificates must lead to; nil where no client is
  /// asked for one.
  public var clientRoots: String?
  /// Whether a client without a certificate is turned away. Needs `clientRoots`.
  public var requiresClientCertificate: Bool
  /// The oldest version of TLS that is spoken.
  public var oldest = OldestTLS.tls13
  /// How often the files are looked at again, in milliseconds.
  public var checkMs = Self.checkMsDefault

  /// TLS with a certificate; with `clientRoots`, clients must show one too.
  public init(identity: CertificateFiles, clientRoots: String? = nil) {
    self.identity = identity
    self.clientRoots = clientRoots
    self.requiresClientCertificate = clientRoots != nil
  }
}
