/// A certificate and its private key, each in a PEM file.
public struct CertificateFiles: Hashable, Sendable {
  /// The file with the certificate, and after it those that lead to its root.
  public var certificate: String
  /// The file with the certificate's private key, not encrypted.
  public var key: String

  /// The paths of the two files.
  public init(certificate: String, key: String) {
    self.certificate = certificate
    self.key = key
  }
}

/// The oldest version of TLS that is spoken. The newest is always 1.3.
public enum OldestTLS: String, Hashable, Sendable, CaseIterable {
  /// TLS 1.3 (RFC 8446) and nothing else.
  case tls13 = "1.3"
  /// Also TLS 1.2, with the ciphers that HTTP/2 allows (RFC 9113, 9.2.2), for old clients.
  case tls12 = "1.2"
}

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

/// How a client speaks TLS, and which servers it trusts.
///
/// The files are looked at again before a connection is made, at most every `checkMs`.
public struct ClientTLS: Hashable, Sendable {
  /// The PEM file of the roots that servers' certificates must lead to; nil for the system's.
  public var roots: String?
  /// The certificate that the client shows (mTLS); nil for none.
  public var identity: CertificateFiles?
  /// The name that the server's certificate must be for; nil for the one that is connected to. An
  /// address that is no name must stand in the certificate as such (an IP address SAN).
  public var serverName: String?
  /// The oldest version of TLS that is spoken.
  public var oldest = OldestTLS.tls13
  /// How often the files are looked at again, in milliseconds.
  public var checkMs = ServerTLS.checkMsDefault

  /// TLS to servers that lead to `roots`.
  public init(
    roots: String? = nil, identity: CertificateFiles? = nil, serverName: String? = nil
  ) {
    self.roots = roots
    self.identity = identity
    self.serverName = serverName
  }
}
