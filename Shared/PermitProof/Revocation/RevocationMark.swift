import DomainModel

/// What stands in a snapshot for a certificate: the first 56 bits of SM3 of its identifier. From a
/// mark nobody finds an identifier, 20 characters of which are random.
enum RevocationMark {
  /// How many bits a mark has.
  static let bits = 56
  /// What no mark reaches.
  static let end: UInt64 = 1 << 56

  /// No other digest of ours is of something that begins so.
  private static let domain = Array("anju-revocation/1\n".utf8)

  /// The mark of a certificate.
  static func of(_ identifier: CertificateIdentifier) -> UInt64 {
    SM3.digest(Self.domain + Array(identifier.text.utf8)).prefix(Self.bits / 8)
      .reduce(0) { $0 << 8 | UInt64($1) }
  }
}
