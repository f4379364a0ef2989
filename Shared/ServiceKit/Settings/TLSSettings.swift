internal import RPC
internal import Transport

/// How a service speaks TLS, with its callers and with the other services. Without a certificate it
/// does not: then it is reached from its own machine only.
public struct TLSSettings: Hashable, Sendable {
  /// Whether callers must show a certificate.
  public enum Need: String, Hashable, Sendable, CaseIterable {
    case required
    case optional
  }

  /// The oldest version that is spoken.
  public enum Oldest: String, Hashable, Sendable, CaseIterable {
    case tls13 = "1.3"
    case tls12 = "1.2"
  }

  /// The file of the service's own certificate; empty for plaintext.
  public var certificate = ""
  /// The file of its key.
  public var key = ""
  /// The file of the roots that callers' certificates must lead to; empty where none is asked for.
  public var clientRoots = ""
  /// Whether callers must show one.
  public var clientCertificate = Need.required
  /// The file of the roots that the other services' certificates must lead to; empty for
  /// `clientRoots`, or else the system's.
  public var peerRoots = ""
  /// The oldest version that is spoken.
  public var oldest = Oldest.tls13
  /// How often the files are looked at again.
  public var checkSeconds = 10

  /// Plaintext.
  public init() {}

  /// Declares and reads the settings, and refuses those that do not fit together or to the address
  /// that the service listens on.
  init(reading reader: inout SettingsReader, listen: PeerAddress) {
    self.certificate = reader.text(
      "tls.certificate", default: "",
      "the PEM file of the service's certificate and of those that lead to its root; without one, "
        + "plaintext, on loopback only")
    self.key = reader.text(
      "tls.key", default: "", "the PEM file of the certificate's private key, not encrypted")
    self.clientRoots = reader.text(
      "tls.client.roots", default: "",
      "the PEM file of the roots that callers' certificates must lead to; without one, callers are "
        + "not asked for a certificate")
    self.clientCertificate = reader.choice(
      "tls.client.certificate", default: self.clientCertificate,
      "whether a caller without a certificate is turned away, where there are roots")
    self.peerRoots = reader.text(
      "tls.peer.roots", default: "",
      "the PEM file of the roots that the other services' certificates must lead to; without one, "
        + "those of callers, or else the system's")
    self.oldest = reader.choice(
      "tls.oldest", default: self.oldest, "the oldest version of TLS that is spoken")
    self.checkSeconds = reader.number(
      "tls.check.seconds", default: self.checkSeconds, in: 1...86_400,
      "how often the files are looked at; what has changed holds for new connections")
    self.refuseMisfits(&reader)
    if !listen.isLoopback { self.refuseOpenDoor(listen, &reader) }
  }

  private func refuseMisfits(_ reader: inout SettingsReader) {
    let prefix = "\(reader.service.rawValue).tls"
    let files = [("certificate", self.certificate), ("key", self.key)]
    for (name, other) in [(files[0], files[1]), (files[1], files[0])]
    where !name.1.isEmpty && other.1.isEmpty {
      reader.refuse("\(prefix).\(name.0) is set, but not \(prefix).\(other.0)")
    }
    guard self.certificate.isEmpty && self.key.isEmpty else { return }
    for (name, roots) in [("client.roots", self.clientRoots), ("peer.roots", self.peerRoots)]
    where !roots.isEmpty {
      reader.refuse("\(prefix).\(name) is set, but not \(prefix).certificate")
    }
  }

  /// Others than this machine reach the address: calls are encrypted, and the other services, which
  /// show no tokens there, are known by their certificates.
  private func refuseOpenDoor(_ listen: PeerAddress, _ reader: inout SettingsReader) {
    let name = reader.service.rawValue
    let place = "\(name).listen.host is \(listen.host), which others reach"
    if self.certificate.isEmpty && self.key.isEmpty {
      reader.refuse("\(place): set \(name).tls.certificate and \(name).tls.key")
    } else if self.clientRoots.isEmpty {
      reader.refuse(
        "\(place): set \(name).tls.client.roots, for services know each other by certificates")
    }
  }
}

extension TLSSettings {
  /// How the service is served; nil for plaintext.
  var server: ServerTLS? {
    guard let identity = self.identity else { return nil }
    var tls = ServerTLS(
      identity: identity, clientRoots: self.clientRoots.isEmpty ? nil : self.clientRoots)
    if self.clientCertificate == .optional { tls.requiresClientCertificate = false }
    tls.oldest = self.oldest == .tls13 ? .tls13 : .tls12
    tls.checkMs = Int64(self.checkSeconds) * 1000
    return tls
  }

  /// How the other services are called, with the service's own certificate; nil for plaintext.
  var client: ClientTLS? {
    guard let identity = self.identity else { return nil }
    let roots = self.peerRoots.isEmpty ? self.clientRoots : self.peerRoots
    var tls = ClientTLS(roots: roots.isEmpty ? nil : roots, identity: identity)
    tls.oldest = self.oldest == .tls13 ? .tls13 : .tls12
    tls.checkMs = Int64(self.checkSeconds) * 1000
    return tls
  }

  private var identity: CertificateFiles? {
    self.certificate.isEmpty
      ? nil : CertificateFiles(certificate: self.certificate, key: self.key)
  }
}
