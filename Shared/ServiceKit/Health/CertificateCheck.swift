internal import Transport

/// Tells of a certificate that has expired, or of new files that cannot be used.
struct CertificateCheck: Error, CustomStringConvertible {
  /// What the server says is wrong.
  let description: String

  /// Throws what is wrong with the server's certificate.
  static func ask(_ server: GRPCServer) throws {
    if let problem = server.tlsProblem() { throw CertificateCheck(description: problem) }
  }
}
