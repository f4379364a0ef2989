public import DomainModel

/// The key of the embedded default: `development.jwk` beside the services' other keys. Whoever can
/// read the file may call as anybody, so servers trust it only while they listen on loopback.
public enum DevelopmentKey {
  /// The file's name.
  public static let fileName = "development.jwk"
  /// What its tokens are signed for.
  public static let purpose = JSONWebToken.Purpose(issuer: "anju-development", audience: "anju")

  /// The key of a directory, which is made on first use. Several processes may do so at once: they
  /// get the same key.
  public static func load(directory: String) throws(CryptoError) -> TokenSigningKey {
    let file = KeyFile(directory: directory, name: Self.fileName)
    if !file.exists { try file.make(TokenSigningKey.generate().jwk()) }
    return try TokenSigningKey(jwk: file.read())
  }

  /// A token for the embedded default.
  public static func token(
    _ claims: TokenClaims, from now: Timestamp, lifetimeMs: Int64, by key: TokenSigningKey
  ) throws(CryptoError) -> String {
    try JSONWebToken.signed(claims, for: Self.purpose, from: now, lifetimeMs: lifetimeMs, by: key)
  }

  /// Trust in it; it may name services.
  public static func issuer(_ key: TokenSigningKey) -> TokenIssuer {
    TokenIssuer(Self.purpose, keys: key.publicKeys, namesServices: true)
  }
}
