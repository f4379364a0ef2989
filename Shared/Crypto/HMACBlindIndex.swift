internal import COpenSSL
public import DomainModel

/// A blind index by HMAC-SHA-256 (RFC 2104): equal texts give equal bytes under one key, and nobody
/// without the key can tell which text it was, though identity numbers are few enough to try.
public struct HMACBlindIndex: BlindIndex {
  private let key: SecretKey
  /// The indexes under the further keys, while one is rotated.
  public let others: [any BlindIndex]

  /// An index under a key that is used for nothing else; `others` are the ring's further keys.
  public init(key: SecretKey, others: [SecretKey] = []) {
    self.key = key
    self.others = others.map { HMACBlindIndex(key: $0) }
  }

  /// The key's name.
  public var keyID: String { self.key.id }

  /// 32 bytes for a text.
  public func blind(_ text: String) -> [UInt8] {
    HMACSHA256.code(of: Array(text.utf8), key: self.key)
  }
}

/// Message authentication by HMAC-SHA-256 (RFC 2104).
public enum HMACSHA256 {
  /// The 32 bytes of the code.
  ///
  /// libcrypto fails here only for want of memory, which ends the process as it does everywhere in
  /// Swift.
  public static func code(of message: [UInt8], key: SecretKey) -> [UInt8] {
    key.bytes.withBytes { Self.code(of: message, key: $0) }
  }

  static func code(of message: [UInt8], key: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: DigestAlgorithm.byteCount)
    var count: UInt32 = 0
    let answer = HMAC(
      Algorithms.digest(.sha256), key.baseAddress, Int32(key.count), message, message.count,
      &code, &count)
    precondition(
      answer != nil && Int(count) == code.count, "libcrypto has no memory for HMAC-SHA-256")
    return code
  }
}
