import Crypto
public import DomainModel

/// A hash in the log's tree: SM3 in the place of the hash function that RFC 9162, 2.1.1 leaves
/// open.
public struct TreeHash: Hashable, Sendable {
  /// How many bytes it has.
  public static let byteCount = DigestAlgorithm.byteCount

  /// The 32 bytes.
  public let bytes: [UInt8]

  /// A hash that was stored or sent; nil unless there are 32 bytes.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  private init(of message: [UInt8]) {
    self.bytes = SM3.digest(message)
  }

  /// The hash of a leaf: SM3(0x00 ‖ salt ‖ record).
  public static func leaf(_ record: [UInt8], salt: LeafSalt) -> TreeHash {
    TreeHash(of: [0] + salt.bytes + record)
  }

  /// The hash of a node: SM3(0x01 ‖ left ‖ right).
  public static func node(_ left: TreeHash, _ right: TreeHash) -> TreeHash {
    TreeHash(of: [1] + left.bytes + right.bytes)
  }

  /// The root of a tree without leaves: SM3 of nothing.
  public static let empty = TreeHash(of: [])
}

/// The random bytes that go into a leaf's hash before its record, and into the digests that a
/// record holds. Who does not know them learns nothing of a record from its leaf, however few
/// records there could be; when they are destroyed, nobody can tell any more what stood there.
public struct LeafSalt: Hashable, Sendable {
  /// How many bytes it has. The number is fixed, so that the bytes before a leaf's hash can be
  /// taken apart in one way only.
  public static let byteCount = 16

  /// The bytes.
  public let bytes: [UInt8]

  /// A salt that was stored or sent; nil unless there are 16 bytes.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  /// A new salt.
  public init(random: some RandomSource) {
    let bytes = random.bytes(Self.byteCount)
    precondition(bytes.count == Self.byteCount, "the random source gave too few bytes")
    self.bytes = bytes
  }
}

/// SM3 where it must not fail.
enum SM3 {
  /// The digest of the bytes. libcrypto fails here only where it has no SM3 at all, and then no key
  /// of ours could be read, or for want of memory; both end the process.
  static func digest(_ message: [UInt8]) -> [UInt8] {
    guard let digest = try? DigestAlgorithm.sm3.digest(message) else {
      preconditionFailure("libcrypto does not compute SM3")
    }
    return digest
  }
}
