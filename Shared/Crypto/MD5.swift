internal import COpenSSL

/// MD5 (RFC 1321), for the protocols of others that ask for it and for nothing else: it withstands
/// nobody.
public enum MD5 {
  /// The digest of all the bytes, 16 of them. Throws where this libcrypto has no MD5.
  public static func digest(_ bytes: [UInt8]) throws -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 16)
    var count: UInt32 = 0
    guard let algorithm = EVP_MD_fetch(nil, "MD5", nil) else { throw CryptoError.library("MD5") }
    defer { EVP_MD_free(algorithm) }
    try CryptoError.require(
      EVP_Digest(bytes, bytes.count, &digest, &count, algorithm, nil), "MD5")
    return digest
  }
}
