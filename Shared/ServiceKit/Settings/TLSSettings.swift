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

  /// Declares and reads the settings, and refuses those that do not fit together.
  init(reading reader: inout SettingsReader) {
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
  }

  private func refuseMisfits(_ reader: inout SettingsReader) {
    let prefix = "\(reader.service.rawValue).tls"
    if self.certificate.isEmpty != self.key.isEmpty {
      let (there, missing) =
        self.key.isEmpty ? ("certificate", "key") : ("key", "certificate")
      reader.refuse("\(prefix).\(there) is set, but not \(prefix).\(missing)")
    }
    guard self.certificate.isEmpty && self.key.isEmpty else { return }
    for (name, value) in [("client.roots", self.clientRoots), ("peer.roots", self.peerRoots)]
    where !value.isEmpty {
      reader.refuse("\(prefix).\(name) is set, but not \(prefix).certificate")
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
