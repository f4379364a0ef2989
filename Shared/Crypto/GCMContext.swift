internal import COpenSSL

/// One run of AES-256-GCM in libcrypto; freed with the object.
final class GCMContext {
  /// Which way it runs.
  enum Direction: Int32 {
    case open = 0
    case seal = 1
  }

  private let context: OpaquePointer

  init(_ key: SecretKey, nonce: [UInt8], direction: Direction) throws(CryptoError) {
    guard let context = EVP_CIPHER_CTX_new() else { throw .library("cipher context") }
    self.context = context
    // From here on deinit frees the context, also when this throws.
    let answer = key.bytes.withBytes { bytes in
      EVP_CipherInit_ex(
        context, Algorithms.aes256GCM, nil, bytes.baseAddress, nonce, direction.rawValue)
    }
    try CryptoError.require(answer, "AES-256-GCM start")
  }

  deinit { EVP_CIPHER_CTX_free(self.context) }

  /// Adds associated data; comes before `update`.
  func authenticate(_ bytes: [UInt8]) throws(CryptoError) {
    var count: Int32 = 0
    let answer = EVP_CipherUpdate(self.context, nil, &count, bytes, try Self.count(bytes))
    try CryptoError.require(answer, "AES-256-GCM associated data")
  }

  /// The bytes encrypted or decrypted. Decrypted ones are not to be used before `checkTag`.
  func update(_ bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
    if bytes.isEmpty { return [] }
    var output = [UInt8](repeating: 0, count: bytes.count)
    var count: Int32 = 0
    let answer = EVP_CipherUpdate(self.context, &output, &count, bytes, try Self.count(bytes))
    try CryptoError.require(answer, "AES-256-GCM update")
    return output
  }

  /// Ends sealing with the tag.
  func sealTag() throws(CryptoError) -> [UInt8] {
    var nothing = [UInt8](repeating: 0, count: AESGCMSealer.tagByteCount)
    var count: Int32 = 0
    try CryptoError.require(
      EVP_CipherFinal_ex(self.context, &nothing, &count), "AES-256-GCM end")
    var tag = [UInt8](repeating: 0, count: AESGCMSealer.tagByteCount)
    let answer = EVP_CIPHER_CTX_ctrl(
      self.context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag)
    try CryptoError.require(answer, "AES-256-GCM tag")
    return tag
  }

  /// Ends opening; throws `sealBroken` unless the tag is the one that the bytes give.
  func checkTag(_ tag: [UInt8]) throws(CryptoError) {
    var tag = tag
    try CryptoError.require(
      EVP_CIPHER_CTX_ctrl(self.context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag),
      "AES-256-GCM tag")
    var nothing = [UInt8](repeating: 0, count: AESGCMSealer.tagByteCount)
    var count: Int32 = 0
    if EVP_CipherFinal_ex(self.context, &nothing, &count) != 1 {
      ERR_clear_error()
      throw .sealBroken
    }
  }

  private static func count(_ bytes: [UInt8]) throws(CryptoError) -> Int32 {
    guard let count = Int32(exactly: bytes.count) else {
      throw .library(operation: "AES-256-GCM", reasons: ["more than 2 GiB at once"])
    }
    return count
  }
}
