package import ArgumentParser
package import Transport

/// How the services are called by TLS. Each option may stand in the environment instead, under the
/// name that its help says.
package struct TLSOptions: ParsableArguments {
  package init() {}

  @Flag(help: "Call the services by TLS, trusting the roots that this system trusts.")
  package var tls = false

  @Option(help: "Call the services by TLS, trusting the roots in this PEM file (ANJU_TLS_ROOTS).")
  package var tlsRoots: String?

  @Option(help: "The PEM file of the certificate to show them (ANJU_TLS_CERTIFICATE).")
  package var tlsCertificate: String?

  @Option(help: "The PEM file of the certificate's key (ANJU_TLS_KEY).")
  package var tlsKey: String?

  package func validate() throws {
    guard (self.certificate == nil) == (self.key == nil) else {
      throw ValidationError("--tls-certificate and --tls-key go together.")
    }
    guard self.certificate == nil || self.client != nil else {
      throw ValidationError("--tls-certificate needs --tls-roots or --tls.")
    }
  }

  /// The client's side of TLS; nil for plaintext.
  package var client: ClientTLS? {
    let roots = self.tlsRoots ?? environment("ANJU_TLS_ROOTS")
    guard self.tls || roots != nil else { return nil }
    var client = ClientTLS(roots: roots)
    if let certificate = self.certificate, let key = self.key {
      client.identity = CertificateFiles(certificate: certificate, key: key)
    }
    return client
  }

  private var certificate: String? {
    self.tlsCertificate ?? environment("ANJU_TLS_CERTIFICATE")
  }

  private var key: String? { self.tlsKey ?? environment("ANJU_TLS_KEY") }
}
