/// Why a token is not believed. For logs only: whoever sent it learns that it is not valid, or that
/// it has expired, and nothing more. Holds nothing of the token but the name of a claim.
public enum TokenError: Error, Hashable, Sendable, CustomStringConvertible {
  /// It is longer than `JSONWebToken.bytesMax`.
  case tooLong
  /// It is not three parts of base64url, or a part is not the JSON object it should be.
  case malformed
  /// `alg` is not ES256, or the header asks for an extension (`crit`).
  case algorithmNotAllowed
  /// `kid` is missing, or no trusted key of the curve P-256 has that name.
  case keyUnknown
  /// The signature is not the key's over this header and these claims.
  case signatureWrong
  /// `iss` is not who the key belongs to.
  case issuerWrong
  /// `aud` does not name us.
  case audienceWrong
  /// `exp` has passed.
  case expired
  /// `nbf` or `iat` is still to come.
  case notYetValid
  /// A claim is missing, of another type, or out of bounds.
  case claimInvalid(String)

  /// Which check failed.
  public var description: String {
    switch self {
    case .tooLong: "longer than \(JSONWebToken.bytesMax) bytes"
    case .malformed: "malformed"
    case .algorithmNotAllowed: "alg is not ES256"
    case .keyUnknown: "kid names no trusted key"
    case .signatureWrong: "the signature is wrong"
    case .issuerWrong: "iss is another one"
    case .audienceWrong: "aud is another one"
    case .expired: "expired"
    case .notYetValid: "not yet valid"
    case .claimInvalid(let name): "the claim \(name) is missing or not valid"
    }
  }
}
