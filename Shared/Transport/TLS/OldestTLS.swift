/// The oldest version of TLS that is spoken. The newest is always 1.3.
public enum OldestTLS: String, Hashable, Sendable, CaseIterable {
  /// TLS 1.3 (RFC 8446) and nothing else.
  case tls13 = "1.3"
  /// Also TLS 1.2, with the ciphers that HTTP/2 allows (RFC 9113, 9.2.2), for old clients.
  case tls12 = "1.2"
}
