/// The names in the certificate that a client has shown and TLS has verified (SAN, RFC 5280,
/// 4.2.1.6).
///
/// One of Anju's own services has the URI `spiffe://anju/service/<name>`.
public struct PeerCertificate: Hashable, Sendable {
  /// What the URI of a service of ours begins with; the service's name follows.
  public static let servicePrefix = "spiffe://anju/service/"

  /// The URIs, in the certificate's order.
  public var uris: [String]
  /// The DNS names, in the certificate's order.
  public var dnsNames: [String]

  /// The names of a certificate; made by transports and tests.
  public init(uris: [String] = [], dnsNames: [String] = []) {
    self.uris = uris
    self.dnsNames = dnsNames
  }

  /// Which of our services the certificate is for; nil if it is for none or for more than one.
  public var service: ServiceName? {
    let names = self.uris.filter { $0.hasPrefix(Self.servicePrefix) }
    guard names.count == 1, let name = names.first else { return nil }
    return ServiceName(rawValue: String(name.dropFirst(Self.servicePrefix.count)))
  }
}
