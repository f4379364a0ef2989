public import Crypto
public import DomainModel
public import RPC
internal import Synchronization

/// Tokens of one caller under the development key, made as they are needed: how services on
/// loopback tell one another who calls.
public final class DevelopmentTokens: TokenSource {
  /// How long a token holds, in milliseconds.
  static let lifetimeMs: Int64 = 600_000
  /// How long before its end a token is replaced, in milliseconds: longer than any call may take to
  /// arrive.
  static let reserveMs: Int64 = 120_000

  private struct Kept {
    var token: String
    var until: Timestamp
  }

  private let claims: TokenClaims
  private let key: TokenSigningKey
  private let time: any TimeSource
  private let kept = Mutex<Kept?>(nil)

  /// Tokens of a caller.
  public init(of caller: Caller, by key: TokenSigningKey, time: any TimeSource) {
    self.claims = TokenClaims(caller)
    self.key = key
    self.time = time
  }

  /// A token that holds for two minutes or more.
  public func token() throws -> String {
    let now = self.time.now()
    return try self.kept.withLock { kept in
      if let kept, now < kept.until { return kept.token }
      let token = try DevelopmentKey.token(
        self.claims, from: now, lifetimeMs: Self.lifetimeMs, by: self.key)
      kept = Kept(
        token: token, until: now.adding(milliseconds: Self.lifetimeMs - Self.reserveMs))
      return token
    }
  }
}
