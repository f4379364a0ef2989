public import Crypto

/// Signs permits' documents: with a key from a file, or in a module that lets no key out. One
/// signature takes 0.3 to 0.4 ms of a core, so whoever implements it in a server signs on a pool of
/// bounded size, never on an event loop or the store's writer.
public protocol PermitSigner: Sendable {
  /// Which key signs: 1 to 64 characters; stands in the document.
  var keyID: String { get }
  /// The public key, PEM (SubjectPublicKeyInfo).
  var publicKeyPEM: String { get }
  /// How this key took the place of those before: what it signs is saved only where the key in use
  /// leads to it. Empty for the first one.
  var successions: [KeySuccession] { get }
  /// SM2 with SM3 over the document under the distinguishing id 1234567812345678, DER.
  ///
  /// Throws `OVERLOADED` where too many signatures are waiting.
  func sign(_ document: [UInt8]) async throws -> [UInt8]
}

extension PermitSigner {
  /// No key was there before.
  public var successions: [KeySuccession] { [] }
}
