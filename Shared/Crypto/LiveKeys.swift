public import DomainModel
internal import Synchronization

/// The keys of a running service. Their files may change: whoever holds the sealer or the index
/// goes on with the new keys, and what began with the old ones ends with them.
public struct LiveKeys: Sendable {
  /// Seals personal columns.
  public let sealer: LiveSealer
  /// The blind index of identity and phone numbers.
  public let blindIndex: LiveBlindIndex
  /// The signing key; nil for a service that signs nothing. It stays as it was at the start.
  public let signingKey: SM2PrivateKey?
  /// How signing keys took each other's place, oldest first, as it stood at the start.
  public let successions: [KeySuccession]

  /// The keys of a ring.
  public init(_ ring: KeyRing) {
    self.sealer = LiveSealer(ring.sealer)
    self.blindIndex = LiveBlindIndex(ring.blindIndex)
    self.signingKey = ring.signingKey
    self.successions = ring.successions
  }

  /// Goes on with the data and blind keys of another ring.
  public func replace(with ring: KeyRing) {
    self.sealer.replace(with: ring.sealer)
    self.blindIndex.replace(with: ring.blindIndex)
  }
}

/// A sealer whose keys can be replaced while it is used.
public final class LiveSealer: KeyedSealer {
  /// As `AESGCMSealer` says.
  public static let headBytesMax = AESGCMSealer.headBytesMax

  private let current: Mutex<AESGCMSealer>

  init(_ sealer: AESGCMSealer) {
    self.current = Mutex(sealer)
  }

  private var now: AESGCMSealer { self.current.withLock { $0 } }

  func replace(with sealer: AESGCMSealer) {
    self.current.withLock { $0 = sealer }
  }

  /// The names of the keys of now; the first one seals.
  public var keyIDs: [String] { self.now.keyIDs }

  /// The name of the key that sealed a value; nil where it is none.
  public func keyID(of sealed: [UInt8]) -> String? { self.now.keyID(of: sealed) }

  /// The sealed form of `plain`.
  public func seal(_ plain: [UInt8], as place: SealedPlace) throws -> [UInt8] {
    try self.now.seal(plain, as: place)
  }

  /// What was sealed for this place. Throws `CryptoError`.
  public func open(_ sealed: [UInt8], as place: SealedPlace) throws -> [UInt8] {
    try self.now.open(sealed, as: place)
  }
}

/// A blind index whose keys can be replaced while it is used.
public final class LiveBlindIndex: BlindIndex {
  private let current: Mutex<HMACBlindIndex>

  init(_ index: HMACBlindIndex) {
    self.current = Mutex(index)
  }

  func replace(with index: HMACBlindIndex) {
    self.current.withLock { $0 = index }
  }

  /// The index with the keys of now.
  public var now: any BlindIndex { self.current.withLock { $0 } }
  /// The name of the first key of now.
  public var keyID: String { self.now.keyID }
  /// The further keys of now.
  public var others: [any BlindIndex] { self.now.others }
  /// 32 bytes for a text, under the first key of now.
  public func blind(_ text: String) -> [UInt8] { self.now.blind(text) }
}
