internal import COpenSSL

/// SM2 signatures with SM3 (GB/T 32918.2-2016, GM/T 0009-2012) by libcrypto.
public enum SM2 {
  /// The signer's distinguishing identifier that GM/T 0009 gives where none is agreed.
  public static let distinguishingID = "1234567812345678"
}

/// A key of libcrypto, freed with the object.
///
/// Unchecked because libcrypto counts references to a key under a lock and never changes it after
/// it was made; each signature has a context of its own.
final class EVPKey: @unchecked Sendable {
  let pointer: OpaquePointer

  /// Takes over a key; throws unless it lies on the SM2 curve.
  init(taking pointer: OpaquePointer) throws(CryptoError) {
    self.pointer = pointer
    // From here on deinit frees the key, also when this throws.
    if EVP_PKEY_is_a(pointer, "SM2") != 1 { throw .keyUnreadable("it is no SM2 key") }
  }

  deinit { EVP_PKEY_free(self.pointer) }

  /// Runs `body` with a context that signs or verifies with SM3 and the identifier.
  func withSM3Context<Result>(
    _ body: (OpaquePointer) throws(CryptoError) -> Result
  ) throws(CryptoError) -> Result {
    guard let keyContext = EVP_PKEY_CTX_new(self.pointer, nil) else {
      throw .library("key context")
    }
    defer { EVP_PKEY_CTX_free(keyContext) }
    // It does not own a key context that was set from outside, and is freed before it.
    guard let context = EVP_MD_CTX_new() else { throw .library("signature context") }
    defer { EVP_MD_CTX_free(context) }
    let identifier = SM2.distinguishingID
    try CryptoError.require(
      EVP_PKEY_CTX_set1_id(keyContext, identifier, Int32(identifier.utf8.count)), "SM2 identifier")
    EVP_MD_CTX_set_pkey_ctx(context, keyContext)
    return try body(context)
  }
}

/// A public key that checks SM2 signatures.
public struct SM2PublicKey: Sendable {
  private let key: EVPKey

  /// The key in a PEM text (`BEGIN PUBLIC KEY`). Throws `CryptoError.keyUnreadable`.
  public init(pem: String) throws {
    self.key = try EVPKey(
      taking: PEM.key(in: Array(pem.utf8)) { PEM_read_bio_PUBKEY($0, nil, nil, nil) })
  }

  /// The key as PEM, as `openssl pkeyutl -pubin -inkey` reads it.
  public func pem() throws -> String {
    let text = try PEM.text("public key to PEM", secret: false) {
      PEM_write_bio_PUBKEY($0, self.key.pointer)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The name that a key has by itself: `sm2-` and the first 16 digits of the SM3 hash of its PEM.
  public func name() throws -> String {
    let hash = try DigestAlgorithm.sm3.digest(Array(try self.pem().utf8))
    return "sm2-" + Hex.encode(hash.prefix(8))
  }

  /// Whether a signature (DER) is this key's over these bytes. A signature that cannot be read is
  /// not.
  public func verify(_ signature: [UInt8], of message: [UInt8]) throws -> Bool {
    try self.key.withSM3Context { context throws(CryptoError) in
      try CryptoError.require(
        EVP_DigestVerifyInit(context, nil, Algorithms.digest(.sm3), nil, self.key.pointer),
        "SM2 verify start")
      let answer = EVP_DigestVerify(
        context, signature, signature.count, message, message.count)
      ERR_clear_error()
      return answer == 1
    }
  }
}

/// A private key that makes SM2 signatures. Printing one shows nothing of it.
public struct SM2PrivateKey: Sendable, CustomStringConvertible, CustomReflectable {
  private let key: EVPKey

  private init(_ key: EVPKey) {
    self.key = key
  }

  /// A new key.
  public static func generate() throws -> SM2PrivateKey {
    guard let context = EVP_PKEY_CTX_new_from_name(nil, "SM2", nil) else {
      throw CryptoError.library("SM2 key context")
    }
    defer { EVP_PKEY_CTX_free(context) }
    try CryptoError.require(EVP_PKEY_keygen_init(context), "SM2 key start")
    var pointer: OpaquePointer?
    try CryptoError.require(EVP_PKEY_generate(context, &pointer), "SM2 key")
    guard let pointer else { throw CryptoError.library("SM2 key") }
    return SM2PrivateKey(try EVPKey(taking: pointer))
  }

  /// The key in a PEM text: `BEGIN PRIVATE KEY`, or with a passphrase
  /// `BEGIN ENCRYPTED PRIVATE KEY`. Throws `CryptoError.keyUnreadable`, also for an encrypted one
  /// without its passphrase.
  public init(pem: [UInt8], passphrase: String? = nil) throws {
    guard let passphrase else {
      // An encrypted key would make libcrypto ask the terminal; -1 answers with no passphrase.
      self.key = try EVPKey(
        taking: PEM.key(in: pem) { PEM_read_bio_PrivateKey($0, nil, { _, _, _, _ in -1 }, nil) })
      return
    }
    // Without a callback libcrypto takes the argument for the passphrase.
    var text = Array(passphrase.utf8CString)
    defer { OPENSSL_cleanse(&text, text.count) }
    self.key = try EVPKey(
      taking: PEM.key(in: pem) { PEM_read_bio_PrivateKey($0, nil, nil, &text) })
  }

  /// The key as PKCS #8 in PEM: a secret, for a file that only its owner reads; encrypted with
  /// AES-256 under a passphrase, where there is one.
  public func pem(passphrase: String? = nil) throws -> [UInt8] {
    guard let passphrase else {
      return try PEM.text("private key to PEM", secret: true) {
        PEM_write_bio_PKCS8PrivateKey($0, self.key.pointer, nil, nil, 0, nil, nil)
      }
    }
    var text = Array(passphrase.utf8CString)
    defer { OPENSSL_cleanse(&text, text.count) }
    return try PEM.text("private key to PEM", secret: true) {
      PEM_write_bio_PKCS8PrivateKey(
        $0, self.key.pointer, EVP_aes_256_cbc(), text, Int32(text.count - 1), nil, nil)
    }
  }

  /// The public half.
  public func publicKey() throws -> SM2PublicKey {
    let text = try PEM.text("public key to PEM", secret: false) {
      PEM_write_bio_PUBKEY($0, self.key.pointer)
    }
    return try SM2PublicKey(pem: String(decoding: text, as: UTF8.self))
  }

  /// A signature over the bytes, in DER (70 to 72 bytes); each call gives another. It takes 0.3 to
  /// 0.5 ms of a processor, so it has no place on an event loop or a writer.
  public func sign(_ message: [UInt8]) throws -> [UInt8] {
    try self.key.withSM3Context { context throws(CryptoError) in
      try CryptoError.require(
        EVP_DigestSignInit(context, nil, Algorithms.digest(.sm3), nil, self.key.pointer),
        "SM2 sign start")
      var count = 0
      try CryptoError.require(
        EVP_DigestSign(context, nil, &count, message, message.count), "SM2 signature size")
      var signature = [UInt8](repeating: 0, count: count)
      try CryptoError.require(
        EVP_DigestSign(context, &signature, &count, message, message.count), "SM2 signature")
      return Array(signature[..<count])
    }
  }

  /// Says only what it is.
  public var description: String { "SM2 private key" }

  /// Nothing, for `dump`.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
