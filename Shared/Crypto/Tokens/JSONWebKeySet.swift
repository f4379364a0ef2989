internal import CJose

/// The public keys that tokens are verified with: a JWK Set (RFC 7517, section 5).
///
/// Of a set only keys are taken that can verify ES256: `kty` EC, `crv` P-256, `use` sig, a `kid`,
/// and neither `alg` nor `key_ops` that say otherwise. An issuer may publish others beside them;
/// a token that names one is not believed.
public struct JSONWebKeySet: Sendable {
  /// The longest set that is read, in bytes.
  public static let bytesMax = 65_536
  /// How many usable keys a set may have.
  public static let keysMax = 64
  /// The longest `kid`, in bytes.
  public static let keyIDBytesMax = 128

  private let keys: [String: JSONObject]

  /// Reads a set. Throws `CryptoError.keyUnreadable` for text that is none, where no key can be
  /// used or two have one name, and where any key has its private half in it: that half belongs
  /// nowhere near a verifier, and whoever put it there must hear so.
  public init(json: [UInt8]) throws(CryptoError) {
    guard json.count <= Self.bytesMax else { throw .keyUnreadable("the key set is too long") }
    guard let set = JSONObject(parsing: json), case .array(let entries) = set["keys"] else {
      throw .keyUnreadable("it is no JWK set")
    }
    var keys: [String: JSONObject] = [:]
    for case .object(let entry) in entries {
      for name in ["d", "k"] {
        if case .absent = entry[name] { continue }
        throw .keyUnreadable("the key set holds a private key")
      }
      guard let (id, key) = Self.usable(entry) else { continue }
      guard keys.updateValue(key, forKey: id) == nil else {
        throw .keyUnreadable("two keys of the set have the same kid")
      }
    }
    guard !keys.isEmpty else { throw .keyUnreadable("no key of the set can verify ES256") }
    guard keys.count <= Self.keysMax else {
      throw .keyUnreadable("the set has more than \(Self.keysMax) keys")
    }
    self.keys = keys
  }

  /// The one public key of a signing key.
  init(_ key: TokenSigningKey) {
    self.keys = [key.id: key.publicPart]
  }

  /// The names of the keys, sorted.
  public var keyIDs: [String] { self.keys.keys.sorted() }

  /// The key of a name, with nothing in it but the public point and the algorithm.
  subscript(_ id: String) -> JSONObject? { self.keys[id] }

  /// The key's name and point; nil for a key that cannot verify ES256.
  private static func usable(_ entry: JSONObject) -> (String, JSONObject)? {
    guard entry.text("kty") == "EC", entry.text("crv") == "P-256", entry.text("use") == "sig",
      let id = entry.text("kid"), (1...Self.keyIDBytesMax).contains(id.utf8.count),
      let x = Self.coordinate(entry, "x"), let y = Self.coordinate(entry, "y"),
      Self.allows(entry["alg"], "ES256"), Self.allows(entry["key_ops"], "verify")
    else { return nil }
    return (id, Self.point(x: x, y: y))
  }

  static func point(x: String, y: String) -> JSONObject {
    let key = JSONObject()
    key.set("kty", "EC")
    key.set("crv", "P-256")
    key.set("alg", "ES256")
    key.set("x", x)
    key.set("y", y)
    return key
  }

  /// A coordinate: 32 bytes (RFC 7518, 6.2.1.2).
  private static func coordinate(_ entry: JSONObject, _ name: String) -> String? {
    guard let text = entry.text(name), Base64URL.decode(text.utf8)?.count == 32 else { return nil }
    return text
  }

  /// Whether a field that may be absent says this word or has it in its list.
  private static func allows(_ field: JSONObject.Field, _ word: String) -> Bool {
    switch field {
    case .absent: true
    case .text(let text): text == word
    case .array(let fields):
      fields.contains { if case .text(let text) = $0 { text == word } else { false } }
    case .number, .object, .other: false
    }
  }
}
