import DomainModel
import Testing

@testable import Crypto

/// What a token needs to be believed, and each way not to be.
@Suite struct TokenTests {
  /// 2026-03-10 09:00 in Shanghai, in seconds since 1970.
  static let nowSeconds: Int64 = 1_773_104_400
  static let now = Timestamp(milliseconds: Self.nowSeconds * 1000)
  static let purpose = JSONWebToken.Purpose(issuer: "login", audience: "anju")
  static let key = Result { try TokenSigningKey.generate() }

  private func verify(
    _ token: String, at now: Timestamp = Self.now
  ) throws -> VerifiedToken {
    return try JSONWebToken.verify(
      token[...], trusting: [TokenIssuer(Self.purpose, keys: Self.key.get().publicKeys)], at: now)
  }

  @Test func `a token says again what it was signed with`() throws {
    var claims = TokenClaims(
      subject: "police-7", kind: "officer", person: "11010519491231002X", role: "review",
      office: "330106500000")
    claims.act = TokenClaims.Act(
      subject: "mother", capacity: .guardian, person: "330106198801010022")
    claims.assurance = "face"
    claims.loggedInAt = Self.now.adding(milliseconds: -60_000)
    claims.faceCheckedAt = Self.now.adding(milliseconds: -50_000)
    let token = try JSONWebToken.signed(
      claims, for: Self.purpose, from: Self.now, lifetimeMs: 600_000, by: Self.key.get())
    let verified = try self.verify(token)
    #expect(verified.claims == claims)
    #expect(
      verified.holdsUntil
        == Self.now.adding(milliseconds: 600_000 + JSONWebToken.clockSkewMs))
  }

  @Test func `a token is believed until its expiry and the clock skew have passed`() throws {
    let token = try JSONWebToken.signed(
      TokenClaims(subject: "a", kind: "auditor"), for: Self.purpose, from: Self.now,
      lifetimeMs: 600_000, by: Self.key.get())
    let end = Self.now.adding(milliseconds: 600_000 + JSONWebToken.clockSkewMs)
    _ = try self.verify(token, at: end.adding(milliseconds: -1))
    #expect(throws: TokenError.expired) { try self.verify(token, at: end) }
    let early = Self.now.adding(milliseconds: -JSONWebToken.clockSkewMs)
    _ = try self.verify(token, at: early)
    #expect(throws: TokenError.notYetValid) {
      try self.verify(token, at: early.adding(milliseconds: -1))
    }
  }

  @Test(arguments: BadToken.all)
  func `a bad token is not believed`(_ bad: BadToken) throws {
    let token = try bad.make(Self.key.get())
    let refused = #expect(throws: TokenError.self, "\(bad)") { try self.verify(token) }
    #expect(refused == bad.error, "\(bad)")
    // Nothing of the token stands in what is logged.
    #expect(refused.map { !token.contains($0.description) } ?? false)
  }

  @Test func `a token of which any byte was changed is not believed`() throws {
    let token = try JSONWebToken.signed(
      TokenClaims(subject: "a", kind: "auditor"), for: Self.purpose, from: Self.now,
      lifetimeMs: 600_000, by: Self.key.get())
    _ = try self.verify(token)
    let bytes = Array(token.utf8)
    // The last character's lowest bits belong to no byte of the signature.
    for index in bytes.indices.dropLast() {
      var changed = bytes
      changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      let text = String(decoding: changed, as: UTF8.self)
      #expect(throws: TokenError.self, "byte \(index)") { try self.verify(text) }
    }
    for count in 0..<bytes.count {
      let text = String(decoding: bytes.prefix(count), as: UTF8.self)
      #expect(throws: TokenError.self, "first \(count) bytes") { try self.verify(text) }
    }
  }

  @Test func `one key verifies for many tasks at once`() async throws {
    let key = try Self.key.get()
    let trusted = [TokenIssuer(Self.purpose, keys: key.publicKeys)]
    let good = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<64 {
        group.addTask {
          let token = try JSONWebToken.signed(
            TokenClaims(subject: "\(number)", kind: "auditor"), for: Self.purpose, from: Self.now,
            lifetimeMs: 1_000, by: key)
          let verified = try JSONWebToken.verify(token[...], trusting: trusted, at: Self.now)
          return verified.claims.subject == "\(number)"
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(good == 64)
  }

  /// Made by PyJWT 2.15 over cryptography 50, with a key that exists for this test only.
  @Test func `a token of another library is believed`() throws {
    let keys = try JSONWebKeySet(
      json: Array(
        """
        {"keys":[{"kty":"EC","crv":"P-256","use":"sig","kid":"login-2026",
        "x":"lFuvv-Sbv_5cM9Sc0IPadc6AWq8fKoLPsBDgloFjWCo",
        "y":"QPf2kqMlBp4izA_gTA5oMi9EWeRRBtVDJe4juMZr0YQ"}]}
        """.utf8))
    let token =
      "eyJhbGciOiJFUzI1NiIsImtpZCI6ImxvZ2luLTIwMjYiLCJ0eXAiOiJKV1QifQ."
      + "eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUiLCJhdWQiOlsiYW5qdSIsIm90aGVyIl0sInN1YiI6Indhbmci"
      + "LCJraW5kIjoiYXBwbGljYW50IiwicGVyc29uIjoiMTEwMTA1MTk0OTEyMzEwMDJYIiwiYWN0Ijp7InN1YiI6Im1v"
      + "dGhlciIsImFzIjoiZ3VhcmRpYW4iLCJwZXJzb24iOiIzMzAxMDYxOTg4MDEwMTAwMjIifSwiYWNyIjoiZmFjZSIs"
      + "ImF1dGhfdGltZSI6MTc3MjMyNjgwMCwiZmFjZV9hdCI6MTc3MjMyNjg2MC41LCJpYXQiOjE3NzIzMjY4MDAsIm5i"
      + "ZiI6MTc3MjMyNjgwMCwiZXhwIjoyNTM0MDIzMDA3OTl9."
      + "eLV1AE7vwJgo4Bc-93O0Pqw-DJ0o7qXcyIRl2jm8vc-nLUJUjJWen72mVJXnqKHUg8ZqA9zXMv4hBqRsv9BPsA"
    let issuer = TokenIssuer(
      JSONWebToken.Purpose(issuer: "https://login.example", audience: "anju"), keys: keys)
    let claims = try JSONWebToken.verify(token[...], trusting: [issuer], at: Self.now).claims
    var expected = TokenClaims(subject: "wang", kind: "applicant", person: "11010519491231002X")
    expected.act = TokenClaims.Act(
      subject: "mother", capacity: .guardian, person: "330106198801010022")
    expected.assurance = "face"
    expected.loggedInAt = Timestamp(milliseconds: 1_772_326_800_000)
    expected.faceCheckedAt = Timestamp(milliseconds: 1_772_326_860_500)
    #expect(claims == expected)
  }
}
