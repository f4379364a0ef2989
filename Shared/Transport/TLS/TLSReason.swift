import NIOSSL

/// What went wrong in TLS, in words: BoringSSL's own names of it, without its files and lines.
enum TLSReason {
  /// The reason in lower case, such as "certificate verify failed".
  static func text(_ error: any Error) -> String {
    switch error {
    case NIOSSLError.handshakeFailed(let inner): self.text(inner)
    case NIOSSLError.uncleanShutdown: "the connection broke"
    case BoringSSLError.sslError(let stack), BoringSSLError.unknownError(let stack):
      self.text(stack)
    case BoringSSLError.syscallError: "the connection broke during the handshake"
    case let other as NIOSSLExtraError where other == .failedToValidateHostname:
      TLSRefusal.otherName.description
    case NIOSSLError.unableToValidateCertificate: TLSRefusal.otherName.description
    default: "\(error)"
    }
  }

  /// The names out of lines such as
  /// `Error: 268435581 error:1000007d:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER at …`.
  private static func text(_ stack: NIOBoringSSLErrorStack) -> String {
    let names = stack.map { line in
      let text = line.description
      guard let name = text.split(whereSeparator: { $0 == ":" || $0 == " " }).first(where: isName)
      else { return text }
      return name.lowercased().split(separator: "_").joined(separator: " ")
    }
    return names.isEmpty ? "no reason given" : names.joined(separator: ", ")
  }

  private static func isName(_ word: Substring) -> Bool {
    word.contains("_") && word.allSatisfy { $0 == "_" || $0.isUppercase || $0.isNumber }
  }
}

/// Why a connection whose handshake went well is not used all the same.
enum TLSRefusal: Error, Hashable, CustomStringConvertible {
  /// The peer did not agree on HTTP/2.
  case noHTTP2
  /// The certificate of a resumed session has expired since.
  case certificateExpired
  /// The server's certificate is not for the name or the address that was called.
  case otherName

  var description: String {
    switch self {
    case .noHTTP2: "the peer does not speak \(TLSMaterial.applicationProtocol) (ALPN)"
    case .certificateExpired: "the peer's certificate has expired"
    case .otherName: "the certificate is for another name or address"
    }
  }
}
