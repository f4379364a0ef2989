import Crypto
import DomainModel
import RPC
import TestSupport
import Testing

@testable import ServiceCore

/// Whom tokens name, and how long they are remembered.
@Suite struct TokenAuthorityTests {
  private static let purpose = JSONWebToken.Purpose(issuer: "login", audience: "anju")
  private static let number = "11010519491231002X"

  private let clock = FakeClock()
  private let login: TokenSigningKey
  private let development: TokenSigningKey
  private let authority: TokenAuthority

  init() throws {
    self.login = try TokenSigningKey.generate()
    self.development = try TokenSigningKey.generate()
    self.authority = TokenAuthority(
      [
        TokenIssuer(Self.purpose, keys: self.login.publicKeys),
        DevelopmentKey.issuer(self.development),
      ], trustsLoopbackOnly: true, time: self.clock)
  }

  private func token(
    _ claims: TokenClaims, lifetimeMs: Int64 = 60_000, by key: TokenSigningKey? = nil
  ) throws -> String {
    try JSONWebToken.signed(
      claims, for: Self.purpose, from: self.clock.now(), lifetimeMs: lifetimeMs,
      by: key ?? self.login)
  }

  private func refusal(_ token: String) -> CredentialsRefused? {
    do {
      _ = try self.authority.caller(token: token[...], peer: nil)
      return nil
    } catch { return error }
  }

  @Test(arguments: [
    Caller(
      kind: .applicant, id: "wang", citizenID: number,
      login: Login(
        act: Login.Act(id: "mother", capacity: .guardian, citizenID: number), assurance: "face",
        loggedInAt: Timestamp(milliseconds: 1_000), faceCheckedAt: Timestamp(milliseconds: 2_000))),
    Caller(kind: .officer, id: "police-7", office: "330106500000", role: "review"),
    Caller(
      kind: .officer, id: "police-8", citizenID: "11010519491231002X", office: "330106500000",
      role: "review"),
    Caller(kind: .integrator, id: "zhelibanapp"), Caller(kind: .auditor, id: "a"),
  ])
  func `a token names its caller, the first time and every other`(_ caller: Caller) throws {
    let token = try self.token(TokenClaims(caller))
    for _ in 0..<3 {
      #expect(try self.authority.caller(token: token[...], peer: nil) == caller)
    }
    #expect(self.authority.keptCount == 1)
  }

  @Test(arguments: [
    (TokenClaims(subject: "a", kind: "king"), "kind"),
    (TokenClaims(subject: "a", kind: "applicant"), "person"),
    (TokenClaims(subject: "a", kind: "applicant", person: "110105194912310021"), "person"),
    (TokenClaims(subject: "a", kind: "officer", role: "accept"), "office"),
    (
      TokenClaims(
        subject: "a", kind: "officer", person: "110105194912310021", office: "330106500000"),
      "person"
    ),
    (TokenClaims(subject: "a", kind: "officer", office: "33010650000"), "office"),
    (TokenClaims(subject: "a", kind: "officer", office: "33010650000x"), "office"),
    (TokenClaims(subject: "intake", kind: "service"), "kind"),
  ])
  func `a kind without what its owner rule goes by is nobody`(
    _ claims: TokenClaims, _ claim: String
  ) throws {
    let refusal = self.refusal(try self.token(claims))
    #expect(refusal?.reason == .tokenInvalid)
    #expect(refusal?.why == TokenError.claimInvalid(claim).description)
    #expect(self.authority.keptCount == 0)
  }

  @Test func `claims that are not of the kind do not count`() throws {
    let claims = TokenClaims(
      subject: "app", kind: "integrator", person: Self.number, role: "approve",
      office: "330106500000")
    let caller = try self.authority.caller(token: self.token(claims)[...], peer: nil)
    #expect(caller == Caller(kind: .integrator, id: "app"))
  }

  @Test func `only the development key names services, and each issuer speaks for itself`() throws {
    let tokens = DevelopmentTokens(
      of: Caller(service: .approval), by: self.development, time: self.clock)
    let token = try tokens.token()
    #expect(try self.authority.caller(token: token[...], peer: nil) == Caller(service: .approval))
    let stranger = try DevelopmentKey.token(
      TokenClaims(subject: "stranger", kind: "service"), from: self.clock.now(),
      lifetimeMs: 60_000, by: self.development)
    #expect(self.refusal(stranger)?.reason == .tokenInvalid)
    let borrowed = try self.token(
      TokenClaims(subject: "a", kind: "auditor"), by: self.development)
    #expect(self.refusal(borrowed)?.why == TokenError.issuerWrong.description)
  }

  @Test func `a remembered token expires like any other`() throws {
    let token = try self.token(TokenClaims(subject: "a", kind: "auditor"), lifetimeMs: 60_000)
    #expect(self.refusal(token) == nil)
    self.clock.advance(milliseconds: 60_000 + JSONWebToken.clockSkewMs - 1)
    #expect(self.refusal(token) == nil)
    self.clock.advance(milliseconds: 1)
    #expect(self.refusal(token)?.reason == .tokenExpired)
  }

  @Test func `a token that was remembered does not lend its name to another`() throws {
    let token = try self.token(TokenClaims(subject: "a", kind: "auditor"))
    #expect(self.refusal(token) == nil)
    let parts = token.split(separator: ".")
    let other = try self.token(TokenClaims(subject: "b", kind: "auditor")).split(separator: ".")
    #expect(self.refusal("\(parts[0]).\(other[1]).\(parts[2])")?.reason == .tokenInvalid)
    #expect(self.refusal(String(token.suffix(8)))?.reason == .tokenInvalid)
  }

  @Test func `new keys end what the old ones signed at once`() throws {
    let token = try self.token(TokenClaims(subject: "a", kind: "auditor"))
    #expect(self.refusal(token) == nil)
    let next = try TokenSigningKey.generate()
    self.authority.replace(next.publicKeys, of: Self.purpose)
    #expect(self.refusal(token)?.reason == .tokenInvalid)
    #expect(
      self.refusal(try self.token(TokenClaims(subject: "a", kind: "auditor"), by: next)) == nil)
    // The other issuer's keys are as they were.
    let mine = DevelopmentTokens(
      of: Caller(service: .intake), by: self.development, time: self.clock)
    #expect(self.refusal(try mine.token()) == nil)
  }

  @Test func `without a token the certificate counts, with a bad one nothing does`() throws {
    let peer = PeerCertificate(uris: [PeerCertificate.servicePrefix + "registry"])
    #expect(try self.authority.caller(token: nil, peer: peer) == Caller(service: .registry))
    #expect(try self.authority.caller(token: nil, peer: PeerCertificate()) == nil)
    #expect(throws: CredentialsRefused.self) {
      try self.authority.caller(token: "nonsense", peer: peer)
    }
  }

  @Test func `a service's own token is made anew before it ends`() throws {
    let tokens = DevelopmentTokens(
      of: Caller(service: .intake), by: self.development, time: self.clock)
    let first = try tokens.token()
    self.clock.advance(
      milliseconds: DevelopmentTokens.lifetimeMs - DevelopmentTokens.reserveMs - 1)
    #expect(try tokens.token() == first)
    self.clock.advance(milliseconds: 1)
    #expect(try tokens.token() != first)
  }
}

/// What is kept of tokens, and the bound on it.
@Suite struct TokenCacheTests {
  private let now = Timestamp(milliseconds: 0)
  private let later = Timestamp(milliseconds: 1)

  private func token(_ number: Int, padding: Int = 0) -> String {
    let digits = String(number)
    let end = String(repeating: "0", count: 8 - digits.count) + digits
    return String(repeating: "x", count: padding) + end
  }

  @Test func `what is used stays, what is not goes`() {
    var cache = TokenCache()
    for number in 0..<20_000 {
      let caller = Caller(kind: .auditor, id: "\(number)")
      cache.keep(self.token(number)[...], of: caller, until: self.later)
      #expect(cache.caller(of: self.token(0)[...], at: self.now)?.id == "0")
      #expect(cache.count <= 2 * TokenCache.tokensMax)
    }
    #expect(cache.caller(of: self.token(1)[...], at: self.now) == nil)
    #expect(cache.caller(of: self.token(19_999)[...], at: self.now)?.id == "19999")
  }

  @Test func `long tokens are fewer`() {
    var cache = TokenCache()
    for number in 0..<2_000 {
      cache.keep(
        self.token(number, padding: JSONWebToken.bytesMax - 8)[...],
        of: Caller(kind: .auditor, id: "a"), until: self.later)
      #expect(cache.count <= 2 * (TokenCache.bytesMax / JSONWebToken.bytesMax))
    }
  }

  @Test func `a token is compared whole, and only while it holds`() {
    var cache = TokenCache()
    cache.keep("abc12345678", of: Caller(kind: .auditor, id: "a"), until: self.later)
    #expect(cache.caller(of: "abd12345678", at: self.now) == nil)
    #expect(cache.caller(of: "12345678", at: self.now) == nil)
    #expect(cache.caller(of: "", at: self.now) == nil)
    #expect(cache.caller(of: "abc12345678", at: self.later) == nil)
    #expect(cache.caller(of: "abc12345678", at: self.now)?.id == "a")
  }
}
