internal import COpenSSL

/// A hash function of libcrypto.
public enum DigestAlgorithm: Hashable, Sendable {
  /// SHA-256 (FIPS 180-4): fingerprints of requests and of uploaded material.
  case sha256
  /// SM3 (GB/T 32905-2016): what SM2 signatures and certificates use.
  case sm3

  /// How many bytes a digest has; both have 32.
  public static let byteCount = 32

  /// The digest of all the bytes.
  public func digest(_ bytes: [UInt8]) throws -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Self.byteCount)
    var count: UInt32 = 0
    let answer = EVP_Digest(
      bytes, bytes.count, &digest, &count, Algorithms.digest(self), nil)
    try CryptoError.require(answer, "digest")
    return digest
  }
}

/// A digest of bytes that come in pieces, such as an upload. Not to be shared between tasks.
public final class RunningDigest {
  private let context: OpaquePointer
  /// Whether the digest was taken.
  private var isFinished = false

  /// A digest of nothing yet.
  public init(_ algorithm: DigestAlgorithm) throws {
    guard let context = EVP_MD_CTX_new() else { throw CryptoError.library("digest context") }
    self.context = context
    // From here on deinit frees the context, also when this throws.
    try CryptoError.require(
      EVP_DigestInit_ex(context, Algorithms.digest(algorithm), nil), "digest start")
  }

  deinit { EVP_MD_CTX_free(self.context) }

  /// Adds the next bytes; must not follow `finish`.
  public func update(_ bytes: [UInt8]) throws {
    precondition(!self.isFinished, "the digest was taken")
    try CryptoError.require(EVP_DigestUpdate(self.context, bytes, bytes.count), "digest update")
  }

  /// The digest of everything added; may be called once.
  public func finish() throws -> [UInt8] {
    precondition(!self.isFinished, "the digest was taken")
    self.isFinished = true
    var digest = [UInt8](repeating: 0, count: DigestAlgorithm.byteCount)
    var count: UInt32 = 0
    try CryptoError.require(EVP_DigestFinal_ex(self.context, &digest, &count), "digest end")
    return digest
  }
}

/// Algorithms fetched from libcrypto once: looking one up costs more than hashing a short text.
/// They are immutable, may be used by any thread, and live as long as the process.
enum Algorithms {
  nonisolated(unsafe) private static let sha256 = EVP_MD_fetch(nil, "SHA256", nil)
  nonisolated(unsafe) private static let sm3 = EVP_MD_fetch(nil, "SM3", nil)
  nonisolated(unsafe) static let aes256GCM = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)

  /// The algorithm, or nil where this libcrypto lacks it; calls with nil fail with an error.
  static func digest(_ algorithm: DigestAlgorithm) -> OpaquePointer? {
    switch algorithm {
    case .sha256: self.sha256
    case .sm3: self.sm3
    }
  }
}
