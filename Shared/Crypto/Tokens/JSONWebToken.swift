internal import CJose
public import DomainModel

/// Signed tokens (JWT, RFC 7519) in compact form, by ES256 only.
public enum JSONWebToken {
  /// The longest token that is read, in bytes.
  public static let bytesMax = 8_192
  /// How far the clocks of an issuer and of this machine may be apart, in milliseconds.
  public static let clockSkewMs: Int64 = 60_000

  /// What a token is signed for.
  public struct Purpose: Hashable, Sendable {
    /// `iss`: who signs.
    public var issuer: String
    /// `aud`: whom it is for.
    public var audience: String

    /// A purpose.
    public init(issuer: String, audience: String) {
      self.issuer = issuer
      self.audience = audience
    }
  }

  /// A token that holds from `now` for `lifetimeMs`; both are cut to whole seconds.
  public static func signed(
    _ claims: TokenClaims, for purpose: Purpose, from now: Timestamp, lifetimeMs: Int64,
    by key: TokenSigningKey
  ) throws(CryptoError) -> String {
    let payload = JSONObject()
    claims.write(to: payload)
    payload.set("iss", purpose.issuer)
    payload.set("aud", purpose.audience)
    payload.set("iat", now.seconds)
    payload.set("exp", now.adding(milliseconds: lifetimeMs).seconds)
    return try CompactToken.sign(payload.bytes(), by: key)
  }

  /// Checks a token against everyone who is trusted; what is said in `TokenError`, in that order.
  ///
  /// Takes about 0.15 ms where `kid` names a key, far less where it does not.
  public static func verify(
    _ token: Substring, trusting issuers: [TokenIssuer], at now: Timestamp
  ) throws(TokenError) -> VerifiedToken {
    let parts = try CompactToken(token)
    guard let issuer = issuers.first(where: { $0.keys[parts.keyID] != nil }),
      let key = issuer.keys[parts.keyID]
    else { throw .keyUnknown }
    guard parts.isSigned(by: key) else { throw .signatureWrong }
    let reader = ClaimReader(object: try parts.claims())
    guard reader.object.text("iss") == issuer.purpose.issuer else { throw .issuerWrong }
    guard reader.names("aud", issuer.purpose.audience) else { throw .audienceWrong }
    guard let expiry = try reader.instant("exp") else { throw reader.invalid("exp") }
    let holdsUntil = expiry.adding(milliseconds: Self.clockSkewMs)
    guard now < holdsUntil else { throw .expired }
    for name in ["nbf", "iat"] {
      let instant = try reader.instant(name)
      if let instant, instant > now.adding(milliseconds: Self.clockSkewMs) { throw .notYetValid }
    }
    return VerifiedToken(claims: try TokenClaims(reader), issuer: issuer, holdsUntil: holdsUntil)
  }
}

/// Someone whose tokens are believed.
public struct TokenIssuer: Sendable {
  /// What `iss` and `aud` of his tokens must say.
  public var purpose: JSONWebToken.Purpose
  /// His public keys.
  public var keys: JSONWebKeySet
  /// Whether his tokens may name one of our own services. In earnest those prove by their
  /// certificates who they are.
  public var namesServices: Bool

  /// An issuer.
  public init(_ purpose: JSONWebToken.Purpose, keys: JSONWebKeySet, namesServices: Bool = false) {
    self.purpose = purpose
    self.keys = keys
    self.namesServices = namesServices
  }
}

/// A token that was believed.
public struct VerifiedToken: Sendable {
  /// What it says of the caller.
  public let claims: TokenClaims
  /// Who signed it.
  public let issuer: TokenIssuer
  /// When it stops being believed: its expiry and the clock skew.
  public let holdsUntil: Timestamp
}
