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
