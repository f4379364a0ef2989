@testable import Crypto

/// A token that must not be believed, by what is wrong with it. But for that it is a good one.
struct BadToken: CustomStringConvertible, Sendable {
  let description: String
  let error: TokenError
  let make: @Sendable (TokenSigningKey) throws -> String

  init(
    _ description: String, _ error: TokenError,
    _ make: @escaping @Sendable (TokenSigningKey) throws -> String
  ) {
    self.description = description
    self.error = error
    self.make = make
  }

  /// A token with a claim written in another way; nil leaves it out.
  private static func claim(
    _ name: String, _ json: String?, _ error: TokenError
  ) -> BadToken {
    BadToken("\(name) is \(json ?? "missing")", error) { key in
      try Forge.signed(Forge.claims(with: name, json), by: key)
    }
  }

  /// A token with a header written in another way.
  private static func header(_ what: String, _ json: String, _ error: TokenError) -> BadToken {
    BadToken(what, error) { key in
      try Forge.signed(
        Forge.claims(), header: json.replacing("KID", with: key.id), by: key)
    }
  }

  static let all = Self.algorithms + Self.keys + Self.forms + Self.claims

  private static let algorithms: [BadToken] = [
    BadToken("HS256 with the public key as the secret", .algorithmNotAllowed) { key in
      Forge.hmac(secret: key.publicKeySet, kid: key.id)
    },
    BadToken("HS256 with the public point as the secret", .algorithmNotAllowed) { key in
      Forge.hmac(secret: key.publicPart.bytes(), kid: key.id)
    },
    BadToken("alg none without a signature", .algorithmNotAllowed) { key in
      Forge.unsigned(#"{"alg":"none","kid":"\#(key.id)"}"#)
    },
    BadToken("alg nOnE without a signature", .algorithmNotAllowed) { key in
      Forge.unsigned(#"{"alg":"nOnE","kid":"\#(key.id)"}"#)
    },
    BadToken("no alg", .algorithmNotAllowed) { Forge.unsigned(#"{"kid":"\#($0.id)"}"#) },
    BadToken("alg is a list", .algorithmNotAllowed) {
      Forge.unsigned(#"{"alg":["ES256"],"kid":"\#($0.id)"}"#)
    },
    BadToken("ES384 named over a P-256 key", .algorithmNotAllowed) {
      Forge.unsigned(#"{"alg":"ES384","kid":"\#($0.id)"}"#)
    },
    header(
      "crit", #"{"alg":"ES256","kid":"KID","crit":["b64"],"b64":false}"#, .algorithmNotAllowed),
  ]

  private static let keys: [BadToken] = [
    header("no kid", #"{"alg":"ES256"}"#, .keyUnknown),
    header("kid is a number", #"{"alg":"ES256","kid":1}"#, .keyUnknown),
    header("an unknown kid", #"{"alg":"ES256","kid":"KID2"}"#, .keyUnknown),
    header("an empty kid", #"{"alg":"ES256","kid":""}"#, .keyUnknown),
    BadToken("another key under our kid", .signatureWrong) { key in
      let other = try TokenSigningKey.generate()
      return try Forge.signed(
        Forge.claims(), header: #"{"alg":"ES256","kid":"\#(key.id)"}"#, by: other)
    },
    BadToken("another key, brought along in the header", .keyUnknown) { _ in
      let other = try TokenSigningKey.generate()
      let point = String(decoding: other.publicPart.bytes(), as: UTF8.self)
      return try Forge.signed(
        Forge.claims(), header: #"{"alg":"ES256","jwk":\#(point)}"#, by: other)
    },
  ]

  private static let forms: [BadToken] = [
    BadToken("nothing", .malformed) { _ in "" },
    BadToken("two dots", .malformed) { _ in ".." },
    BadToken("no signature", .signatureWrong) { key in
      try Forge.signed(Forge.claims(), by: key).split(separator: ".")[0...1].joined(separator: ".")
        + "."
    },
    BadToken("two parts", .malformed) { key in
      try Forge.signed(Forge.claims(), by: key).split(separator: ".")[0...1].joined(separator: ".")
    },
    BadToken("four parts", .malformed) { try Forge.signed(Forge.claims(), by: $0) + ".e30" },
    BadToken("padded", .signatureWrong) { try Forge.signed(Forge.claims(), by: $0) + "==" },
    BadToken("a header that is no JSON", .malformed) { key in
      try "AAAA" + Forge.signed(Forge.claims(), by: key)
    },
    header("a header with alg twice", #"{"alg":"none","alg":"ES256","kid":"KID"}"#, .malformed),
    BadToken("claims of another token", .signatureWrong) { key in
      let good = try Forge.signed(Forge.claims(), by: key).split(separator: ".")
      let claims = Base64URL.encode(Array(Forge.claims(with: "kind", "\"service\"").utf8))
      return "\(good[0]).\(claims).\(good[2])"
    },
    BadToken("half a signature", .signatureWrong) { key in
      try String(Forge.signed(Forge.claims(), by: key).dropLast(43))
    },
    BadToken("a signature of 0 and 0", .signatureWrong) { key in
      let good = try Forge.signed(Forge.claims(), by: key).split(separator: ".")
      return "\(good[0]).\(good[1]).\(String(repeating: "A", count: 86))"
    },
    BadToken("longer than a token may be", .tooLong) { key in
      let long = String(repeating: "x", count: JSONWebToken.bytesMax)
      return try Forge.signed(Forge.claims(with: "more", "\"\(long)\""), by: key)
    },
    BadToken("claims that are a list", .malformed) { try Forge.signed("[]", by: $0) },
    BadToken("claims that are no JSON", .malformed) { try Forge.signed("nonsense", by: $0) },
    BadToken("a claim twice", .malformed) { key in
      try Forge.signed(Forge.claims(with: "more", #"1,"kind":"auditor""#), by: key)
    },
    BadToken("claims nested a thousand deep", .claimInvalid("act")) { key in
      let deep = String(repeating: "[", count: 1_000) + String(repeating: "]", count: 1_000)
      return try Forge.signed(Forge.claims(with: "act", deep), by: key)
    },
  ]

  private static let claims: [BadToken] = [
    claim("iss", nil, .issuerWrong), claim("iss", "\"other\"", .issuerWrong),
    claim("iss", "[\"login\"]", .issuerWrong), claim("aud", nil, .audienceWrong),
    claim("aud", "\"others\"", .audienceWrong), claim("aud", "[]", .audienceWrong),
    claim("aud", "[\"others\"]", .audienceWrong), claim("exp", nil, .claimInvalid("exp")),
    claim("exp", "\"tomorrow\"", .claimInvalid("exp")), claim("exp", "-1", .claimInvalid("exp")),
    claim("exp", "1e300", .claimInvalid("exp")),
    claim("exp", "\(TokenTests.nowSeconds - 61)", .expired), claim("exp", "0", .expired),
    claim("nbf", "\(TokenTests.nowSeconds + 61)", .notYetValid),
    claim("iat", "\(TokenTests.nowSeconds + 61)", .notYetValid),
    claim("nbf", "true", .claimInvalid("nbf")), claim("sub", nil, .claimInvalid("sub")),
    claim("sub", "\"\"", .claimInvalid("sub")), claim("sub", "null", .claimInvalid("sub")),
    claim("sub", "\"\(String(repeating: "x", count: 65))\"", .claimInvalid("sub")),
    claim("sub", #""a\nb""#, .claimInvalid("sub")), claim("sub", #""a\u0000b""#, .malformed),
    claim("kind", nil, .claimInvalid("kind")), claim("kind", "7", .claimInvalid("kind")),
    claim("office", "330106500000", .claimInvalid("office")),
    claim("act", "\"mother\"", .claimInvalid("act")),
    claim("act", #"{"sub":"m","as":"queen"}"#, .claimInvalid("act.as")),
    claim("act", #"{"as":"guardian"}"#, .claimInvalid("act.sub")),
    claim("face_at", "\"today\"", .claimInvalid("face_at")),
  ]
}

/// Makes tokens of any header and claims.
enum Forge {
  /// Good claims, one of them written in another way.
  static func claims(with name: String = "", _ json: String? = nil) -> String {
    let now = TokenTests.nowSeconds
    var claims = [
      "iss": "\"login\"", "aud": "[\"others\",\"anju\"]", "sub": "\"a\"", "kind": "\"auditor\"",
      "exp": "\(now + 60)", "iat": "\(now)",
    ]
    if !name.isEmpty { claims[name] = json }
    return "{" + claims.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
  }

  static func signed(
    _ claims: String, header: String? = nil, by key: TokenSigningKey
  ) throws -> String {
    guard let header else { return try CompactToken.sign(Array(claims.utf8), by: key) }
    return try CompactToken.sign(Array(claims.utf8), header: Array(header.utf8), by: key)
  }

  static func unsigned(_ header: String) -> String {
    "\(Base64URL.encode(Array(header.utf8))).\(Base64URL.encode(Array(Self.claims().utf8)))."
  }

  static func hmac(secret: [UInt8], kid: String) -> String {
    let header = #"{"alg":"HS256","kid":"\#(kid)"}"#
    let text = self.unsigned(header).dropLast()
    let code = secret.withUnsafeBufferPointer {
      HMACSHA256.code(of: Array(text.utf8), key: $0)
    }
    return "\(text).\(Base64URL.encode(code))"
  }
}
