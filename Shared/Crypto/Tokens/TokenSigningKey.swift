internal import CJose

/// A private key of the curve P-256 that tokens are signed with (ES256). Printing one shows its
/// name only.
public struct TokenSigningKey: Sendable, CustomStringConvertible, CustomReflectable {
  /// Its `kid`: the thumbprint of the public half (RFC 7638), unless it was read with another.
  public let id: String
  /// Both halves.
  let both: JSONObject
  /// The public half, as a verifier holds it.
  let publicPart: JSONObject

  /// A new key.
  public static func generate() throws(CryptoError) -> TokenSigningKey {
    let key = JSONObject()
    key.set("alg", "ES256")
    guard jose_jwk_gen(nil, key.pointer) else { throw .library("make a token key") }
    key.set("use", "sig")
    return try TokenSigningKey(key)
  }

  /// Reads a key that `jwk` wrote, or any private JWK for ES256. Throws
  /// `CryptoError.keyUnreadable` for anything else.
  public init(jwk: [UInt8]) throws(CryptoError) {
    guard jwk.count <= JSONWebKeySet.bytesMax, let key = JSONObject(parsing: jwk) else {
      throw .keyUnreadable("it is no JWK")
    }
    try self.init(key)
  }

  private init(_ key: JSONObject) throws(CryptoError) {
    guard key.text("kty") == "EC", key.text("crv") == "P-256", let d = key.text("d"),
      Base64URL.decode(d.utf8)?.count == 32, let x = key.text("x"), let y = key.text("y")
    else { throw .keyUnreadable("it is no private key of the curve P-256") }
    self.publicPart = JSONWebKeySet.point(x: x, y: y)
    let both = JSONWebKeySet.point(x: x, y: y)
    both.set("d", d)
    self.both = both
    if let id = key.text("kid") {
      guard (1...JSONWebKeySet.keyIDBytesMax).contains(id.utf8.count) else {
        throw .keyUnreadable("its kid is empty or too long")
      }
      self.id = id
    } else {
      self.id = try Self.thumbprint(of: self.publicPart)
    }
  }

  /// The key as a JWK with its private half, for a file that nobody else can read.
  public func jwk() -> [UInt8] {
    self.written(self.both)
  }

  /// The set with the public half, as an issuer publishes it.
  public var publicKeySet: [UInt8] {
    Array(#"{"keys":["#.utf8) + self.written(self.publicPart) + Array("]}".utf8)
  }

  /// The set with the public half, to verify with.
  public var publicKeys: JSONWebKeySet { JSONWebKeySet(self) }

  /// The name.
  public var description: String { "token key \(self.id)" }

  /// The name, for `dump`.
  public var customMirror: Mirror { Mirror(self, children: ["id": self.id]) }

  private func written(_ part: JSONObject) -> [UInt8] {
    let key = JSONObject()
    for name in ["kty", "crv", "alg", "x", "y", "d"] {
      if let text = part.text(name) { key.set(name, text) }
    }
    key.set("kid", self.id)
    key.set("use", "sig")
    return key.bytes()
  }

  private static func thumbprint(of key: JSONObject) throws(CryptoError) -> String {
    var digest = [UInt8](repeating: 0, count: DigestAlgorithm.byteCount)
    guard jose_jwk_thp_buf(nil, key.pointer, "S256", &digest, digest.count) == digest.count else {
      throw .library("name a token key")
    }
    return Base64URL.encode(digest)
  }
}
