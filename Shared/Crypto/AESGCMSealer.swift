internal import COpenSSL
public import DomainModel

/// Seals by AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits and the place as
/// associated data. It opens what any of its keys sealed, and seals with the current one.
///
/// Sealed form: 1 (version), length of the key's name, the name, nonce (12), cipher text, tag (16).
/// One key must not seal more than 2³² values (SP 800-38D, 8.3), far above what one store writes
/// before its key is rotated.
public struct AESGCMSealer: KeyedSealer {
  /// How many bytes a nonce has.
  static let nonceByteCount = 12
  /// How many bytes a tag has.
  static let tagByteCount = 16
  private static let formVersion: UInt8 = 1
  /// Version, the name's length, and the name.
  public static let headBytesMax = 2 + SecretKey.idBytesMax

  /// The names of its keys; the first one seals.
  public let keyIDs: [String]
  private let current: SecretKey
  private let keys: [String: SecretKey]
  private let random: any RandomSource

  /// A sealer that seals with `current` and also opens what the `earlier` keys sealed.
  public init(current: SecretKey, earlier: [SecretKey] = [], random: any RandomSource) {
    self.current = current
    self.keyIDs = ([current] + earlier).map(\.id)
    self.keys = Dictionary(
      ([current] + earlier).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    self.random = random
  }

  /// The name of the key that seals now.
  public var keyID: String { self.current.id }

  /// The name of the key that sealed a value; nil where it is none.
  public func keyID(of sealed: [UInt8]) -> String? {
    guard sealed.count >= 2, sealed[0] == Self.formVersion, sealed.count >= 2 + Int(sealed[1])
    else { return nil }
    return String(decoding: sealed[2..<(2 + Int(sealed[1]))], as: UTF8.self)
  }

  /// The sealed form of `plain`.
  public func seal(_ plain: [UInt8], as place: SealedPlace) throws -> [UInt8] {
    let nonce = self.random.bytes(Self.nonceByteCount)
    precondition(nonce.count == Self.nonceByteCount, "the random source gave too few bytes")
    let name = Array(self.current.id.utf8)
    let head = [Self.formVersion, UInt8(name.count)] + name
    let gcm = try GCMContext(self.current, nonce: nonce, direction: .seal)
    try gcm.authenticate(head + Self.associatedData(of: place))
    let cipher = try gcm.update(plain)
    return try head + nonce + cipher + gcm.sealTag()
  }

  /// What was sealed for this place. Throws `CryptoError`.
  public func open(_ sealed: [UInt8], as place: SealedPlace) throws -> [UInt8] {
    guard sealed.count >= 2, sealed[0] == Self.formVersion else {
      throw CryptoError.sealedFormUnknown
    }
    let headCount = 2 + Int(sealed[1])
    let cipherStart = headCount + Self.nonceByteCount
    guard sealed.count >= cipherStart + Self.tagByteCount else {
      throw CryptoError.sealedFormUnknown
    }
    let id = String(decoding: sealed[2..<headCount], as: UTF8.self)
    guard let key = self.keys[id] else { throw CryptoError.keyUnknown(id: id) }
    let tagStart = sealed.count - Self.tagByteCount
    let gcm = try GCMContext(
      key, nonce: Array(sealed[headCount..<cipherStart]), direction: .open)
    try gcm.authenticate(sealed[..<headCount] + Self.associatedData(of: place))
    let plain = try gcm.update(Array(sealed[cipherStart..<tagStart]))
    try gcm.checkTag(Array(sealed[tagStart...]))
    return plain
  }

  /// The three parts of a place, each with its length before it: no two places give the same bytes,
  /// whatever the parts hold.
  private static func associatedData(of place: SealedPlace) -> [UInt8] {
    [place.table, place.column, place.row].flatMap { part in
      let bytes = Array(part.utf8)
      let length = UInt32(bytes.count)
      return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + bytes
    }
  }
}
