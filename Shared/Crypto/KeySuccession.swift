/// The word of a signing key that another one takes its place, signed by itself: who knows the
/// earlier key knows by it that the later one is no stranger's.
public struct KeySuccession: Hashable, Sendable, LosslessStringConvertible {
  /// The name of the key that signed it.
  public let earlier: String
  /// The key that takes its place, as PEM.
  public let laterPEM: String
  /// The earlier key's signature over both, in DER.
  public let signature: [UInt8]

  /// How many successions are read at most.
  static let listMax = 64

  /// A succession, signed.
  public init(of later: SM2PublicKey, by earlier: SM2PrivateKey) throws {
    self.earlier = try earlier.publicKey().name()
    self.laterPEM = try later.pem()
    self.signature = try earlier.sign(Self.bytes(from: self.earlier, to: self.laterPEM))
  }

  /// The one in a line: the earlier key's name, then the later key's PEM and the signature in
  /// hexadecimal digits, with spaces between; nil for any other text.
  public init?(_ description: String) {
    let words = description.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 3, let pem = Hex.decode(words[1]), let signature = Hex.decode(words[2])
    else { return nil }
    self.earlier = words[0]
    self.laterPEM = String(decoding: pem, as: UTF8.self)
    self.signature = signature
  }

  /// The line that `init(_:)` reads.
  public var description: String {
    "\(self.earlier) \(Hex.encode(Array(self.laterPEM.utf8))) \(Hex.encode(self.signature))"
  }

  /// The key that takes another's place, where that one said so; nil where it did not.
  public func later(following earlier: SM2PublicKey) throws -> SM2PublicKey? {
    guard try earlier.name() == self.earlier else { return nil }
    let bytes = Self.bytes(from: self.earlier, to: self.laterPEM)
    guard try earlier.verify(self.signature, of: bytes) else { return nil }
    return try SM2PublicKey(pem: self.laterPEM)
  }

  private static func bytes(from earlier: String, to later: String) -> [UInt8] {
    Array("anju key succession 1\n\(earlier)\n\(later)".utf8)
  }
}

extension [KeySuccession] {
  /// Whether one key leads to another of this name, over however many in between.
  public func lead(from key: SM2PublicKey, to name: String) throws -> Bool {
    var key = key
    for _ in self.indices {
      guard let next = try self.lazy.compactMap({ try $0.later(following: key) }).first else {
        return false
      }
      if try next.name() == name { return true }
      key = next
    }
    return false
  }
}
