internal import CJose

/// A token in its compact form, `header.claims.signature` (RFC 7515, 7.1), taken apart strictly.
/// Nothing in it is believed before `isSigned` says so.
struct CompactToken {
  /// `kid` of the header.
  let keyID: String
  private let header: Substring
  private let payload: Substring
  private let signature: Substring

  /// Reads the header. `alg` is looked at here, before any key or signature is: a token cannot
  /// choose how it is verified.
  init(_ token: Substring) throws(TokenError) {
    guard token.utf8.count <= JSONWebToken.bytesMax else { throw .tooLong }
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let bytes = Base64URL.decode(parts[0].utf8),
      let header = JSONObject(parsing: bytes)
    else { throw .malformed }
    guard header.text("alg") == "ES256" else { throw .algorithmNotAllowed }
    if case .absent = header["crit"] {} else { throw .algorithmNotAllowed }
    guard let keyID = header.text("kid") else { throw .keyUnknown }
    self.keyID = keyID
    self.header = parts[0]
    self.payload = parts[1]
    self.signature = parts[2]
  }

  /// Whether the signature is the key's over header and claims.
  func isSigned(by key: JSONObject) -> Bool {
    let token = JSONObject()
    token.set("protected", String(self.header))
    token.set("payload", String(self.payload))
    token.set("signature", String(self.signature))
    return jose_jws_ver(nil, token.pointer, nil, key.pointer, false)
  }

  /// The claims, to be read once the signature is known to be right.
  func claims() throws(TokenError) -> JSONObject {
    guard let bytes = Base64URL.decode(self.payload.utf8), let claims = JSONObject(parsing: bytes)
    else { throw .malformed }
    return claims
  }

  /// Signs claims.
  static func sign(_ claims: [UInt8], by key: TokenSigningKey) throws(CryptoError) -> String {
    let header = JSONObject()
    header.set("alg", "ES256")
    header.set("kid", key.id)
    header.set("typ", "JWT")
    return try self.sign(claims, header: header.bytes(), by: key)
  }

  /// Signs claims under a header of the caller's.
  static func sign(
    _ claims: [UInt8], header: [UInt8], by key: TokenSigningKey
  ) throws(CryptoError) -> String {
    let signature = JSONObject()
    signature.set("protected", Base64URL.encode(header))
    let token = JSONObject()
    token.set("payload", Base64URL.encode(claims))
    guard jose_jws_sig(nil, token.pointer, signature.pointer, key.both.pointer),
      let protected = token.text("protected"), let payload = token.text("payload"),
      let signed = token.text("signature")
    else { throw .library("sign a token") }
    return "\(protected).\(payload).\(signed)"
  }
}
