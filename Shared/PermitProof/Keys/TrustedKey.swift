public import Crypto
public import DomainModel

/// A public key that a verifier trusts, and when it signed.
public struct TrustedKey: Sendable {
  /// The key's name, a word of 1 to 64 characters: it stands in all that the key signs.
  public let id: String
  /// What checks the signatures.
  public let key: SM2PublicKey
  /// The first instant at which it may have signed; nil where that is open.
  public let notBefore: Timestamp?
  /// The first instant at which it may not have signed any more; nil where it still does. What it
  /// signed before stays good.
  public let notAfter: Timestamp?

  /// The most characters of a key's name.
  public static let idCharactersMax = 64
  /// The longest signature in DER: two numbers of up to 33 bytes.
  public static let signatureBytesMax = 72

  /// A key; nil where the name is no word of 1 to 64 letters, digits and `_-.:`.
  public init?(
    id: String, key: SM2PublicKey, notBefore: Timestamp? = nil, notAfter: Timestamp? = nil
  ) {
    guard isWord(id, charactersMax: Self.idCharactersMax) else { return nil }
    self.id = id
    self.key = key
    self.notBefore = notBefore
    self.notAfter = notAfter
  }

  /// The name that a key has by itself: `sm2-` and the first 16 digits of the SM3 hash of its
  /// public half in PEM, as `SM2PublicKey.pem` writes it.
  public static func id(of key: SM2PublicKey) throws -> String {
    try key.name()
  }

  /// Whether it may have signed at an instant.
  public func signed(at instant: Timestamp) -> Bool {
    if let notBefore, instant < notBefore { return false }
    if let notAfter, instant >= notAfter { return false }
    return true
  }
}
