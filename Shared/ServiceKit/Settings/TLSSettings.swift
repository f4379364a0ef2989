internal import RPC
public import Transport

/// How a service speaks TLS, with its callers and with the other services. Without a certificate it
/// does not: then it is reached from its own machine only.
public struct TLSSettings: Hashable, Sendable {
  /// Whether callers must show a certificate.
  public enum Need: String, Hashable, Sendable, CaseIterable {
    case required
    case optional
  }

  /// The service's own certificate and key; nil for plaintext.
  public var identity: CertificateFiles?
  /// The file of the roots that callers' certificates must lead to; nil where none is asked for.
  public var clientRoots: String?
  /// Whether callers must show one.
  public var clientCertificate = Need.required
  /// The file of the roots that the other services' certificates must lead to; nil for
  /// `clientRoots`, or else the system's.
  public var peerRoots: String?
  /// The oldest version that is spoken.
  public var oldest = OldestTLS.tls13
  /// How often the files are looked at again.
  public var checkSeconds = 10

  /// Plaintext.
  public init() {}

  /// Declares and reads the settings, and refuses those that do not fit together or to the address
  /// that the service listens on.
  init(reading reader: inout SettingsReader, listen: PeerAddress) {
    let certificate = reader.optionalText(
      "tls.certificate",
      "the PEM file of the service's certificate and of those that lead to its root; without one, "
        + "plaintext, on loopback only")
    let key = reader.optionalText(
      "tls.key", "the PEM file of the certificate's private key, not encrypted")
    self.clientRoots = reader.optionalText(
      "tls.client.roots",
      "the PEM file of the roots that callers' certificates must lead to; without one, callers are "
        + "not asked for a certificate")
    self.clientCertificate = reader.choice(
      "tls.client.certificate", default: self.clientCertificate,
      "whether a caller without a certificate is turned away, where there are roots")
    self.peerRoots = reader.optionalText(
      "tls.peer.roots",
      "the PEM file of the roots that the other services' certificates must lead to; without one, "
        + "those of callers, or else the system's")
    self.oldest = reader.choice(
      "tls.oldest", default: self.oldest, "the oldest version of TLS that is spoken")
    self.checkSeconds = reader.number(
      "tls.check.seconds", default: self.checkSeconds, in: 1...86_400,
      "how often the files are looked at; what has changed holds for new connections")
    if let certificate, let key {
      self.identity = CertificateFiles(certificate: certificate, key: key)
    }
    self.refuseMisfits(certificate: certificate, key: key, &reader)
    if !listen.isLoopback { self.refuseOpenDoor(listen, &reader) }
  }

  private func refuseMisfits(
    certificate: String?, key: String?, _ reader: inout SettingsReader
  ) {
    let prefix = "\(reader.service.rawValue).tls"
    func refuse(_ name: String, without other: String) {
      reader.refuse("\(prefix).\(name) is set, but not \(prefix).\(other)")
    }
    if certificate != nil && key == nil { refuse("certificate", without: "key") }
    if certificate == nil && key != nil { refuse("key", without: "certificate") }
    guard certificate == nil && key == nil else { return }
    if self.clientRoots != nil { refuse("client.roots", without: "certificate") }
    if self.peerRoots != nil { refuse("peer.roots", without: "certificate") }
  }

  /// Others than this machine reach the address: calls are encrypted, and the other services, which
  /// show no tokens there, are known by their certificates.
  private func refuseOpenDoor(_ listen: PeerAddress, _ reader: inout SettingsReader) {
    let name = reader.service.rawValue
    let place = "\(name).listen.host is \(listen.host), which others reach"
    if self.identity == nil {
      reader.refuse("\(place): set \(name).tls.certificate and \(name).tls.key")
    } else if self.clientRoots == nil {
      reader.refuse(
        "\(place): set \(name).tls.client.roots, for services know each other by certificates")
    }
  }
}

extension TLSSettings {
  /// How the service is served; nil for plaintext.
  var server: ServerTLS? {
    guard let identity = self.identity else { return nil }
    var tls = ServerTLS(identity: identity, clientRoots: self.clientRoots)
    if self.clientCertificate == .optional { tls.requiresClientCertificate = false }
    tls.oldest = self.oldest
    tls.checkMs = Int64(self.checkSeconds) * 1000
    return tls
  }

  /// How the other services are called, with the service's own certificate; nil for plaintext.
  var client: ClientTLS? {
    guard let identity = self.identity else { return nil }
    var tls = ClientTLS(roots: self.peerRoots ?? self.clientRoots, identity: identity)
    tls.oldest = self.oldest
    tls.checkMs = Int64(self.checkSeconds) * 1000
    return tls
  }
}
