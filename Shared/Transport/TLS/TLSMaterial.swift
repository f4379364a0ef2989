import DomainModel
import NIOSSL

/// What one set of files comes to: a context for new connections. Making one reads the files, and
/// so blocks.
struct TLSMaterial: Sendable {
  let context: NIOSSLContext
  /// When the first of our own certificates expires; nil without one.
  let expires: Timestamp?

  /// The only protocol that is spoken over TLS here (ALPN, RFC 7301).
  static let applicationProtocol = "h2"

  /// The ciphers of TLS 1.2 that HTTP/2 allows and that keep no secret for later (RFC 9113, 9.2.2).
  /// Those of TLS 1.3 are all fit, and BoringSSL leaves no choice among them.
  private static let olderCiphers: [NIOTLSCipher] = [
    .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
  ]

  /// A server's.
  init(_ tls: ServerTLS) throws(TLSFileError) {
    let (chain, key) = try Self.pair(tls.identity)
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    if let path = tls.clientRoots {
      configuration.trustRoots = .certificates(try TLSFile(path).certificates())
      configuration.certificateVerification =
        tls.requiresClientCertificate ? .noHostnameVerification : .optionalVerification
    }
    self.context = try Self.context(
      &configuration, tls.oldest, identity: tls.identity, roots: tls.clientRoots)
    self.expires = Self.firstExpiry(chain)
  }

  /// A client's.
  init(_ tls: ClientTLS) throws(TLSFileError) {
    var configuration = TLSConfiguration.makeClientConfiguration()
    var chain: [NIOSSLCertificate] = []
    if let identity = tls.identity {
      let (certificates, key) = try Self.pair(identity)
      chain = certificates
      configuration.certificateChain = chain.map { .certificate($0) }
      configuration.privateKey = .privateKey(key)
    }
    if let path = tls.roots {
      configuration.trustRoots = .certificates(try TLSFile(path).certificates())
    }
    self.context = try Self.context(
      &configuration, tls.oldest, identity: tls.identity, roots: tls.roots)
    self.expires = Self.firstExpiry(chain)
  }

  private static func pair(
    _ files: CertificateFiles
  ) throws(TLSFileError) -> ([NIOSSLCertificate], NIOSSLPrivateKey) {
    (try TLSFile(files.certificate).certificates(), try TLSFile(files.key).key())
  }

  private static func context(
    _ configuration: inout TLSConfiguration, _ oldest: OldestTLS, identity: CertificateFiles?,
    roots: String?
  ) throws(TLSFileError) -> NIOSSLContext {
    configuration.minimumTLSVersion = oldest == .tls13 ? .tlsv13 : .tlsv12
    configuration.cipherSuiteValues = self.olderCiphers
    configuration.applicationProtocols = [self.applicationProtocol]
    do {
      return try NIOSSLContext(configuration: configuration)
    } catch {
      if case NIOSSLError.failedToLoadPrivateKey = error, let identity {
        throw TLSFileError(
          file: identity.key, reason: "it is not the key of \(identity.certificate)")
      }
      let file = identity?.certificate ?? roots ?? "the system's trusted certificates"
      throw TLSFileError(file: file, reason: TLSReason.text(error))
    }
  }

  private static func firstExpiry(_ chain: [NIOSSLCertificate]) -> Timestamp? {
    chain.map { Timestamp(milliseconds: Int64($0.notValidAfter) * 1000) }.min()
  }
}
