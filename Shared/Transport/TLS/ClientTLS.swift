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

  /// Reads the files once and throws what is wrong with them, so that a process can say so when it
  /// starts and not at its first call. Blocks.
  public func check() throws(TLSFileError) {
    _ = try TLSMaterial(self)
  }
}
