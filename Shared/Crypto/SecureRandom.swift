internal import COpenSSL
public import DomainModel

/// Randomness from libcrypto's generator, seeded by the operating system.
public struct SecureRandom: RandomSource {
  /// The generator of this process.
  public init() {}

  /// `count` bytes that nobody can predict.
  ///
  /// A generator that cannot be seeded ends the process: ids and nonces made without it would be
  /// known to others.
  public func bytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard let length = Int32(exactly: count), RAND_bytes(&bytes, length) == 1 else {
      preconditionFailure("libcrypto has no randomness: \(CryptoError.library("RAND_bytes"))")
    }
    return bytes
  }
}
