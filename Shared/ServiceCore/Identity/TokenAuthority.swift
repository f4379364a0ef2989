public import Crypto
public import DomainModel
public import RPC
internal import Synchronization

/// Believes tokens that a trusted issuer has signed, and the certificates of our own services.
public final class TokenAuthority: CallerAuthority {
  private struct State {
    var issuers: [TokenIssuer]
    var cache = TokenCache()
    /// Rises when the issuers change, so that what was verified under the ones before is not kept.
    var edition = 0
  }

  /// Whether it trusts the development key.
  public let trustsLoopbackOnly: Bool
  private let time: any TimeSource
  private let state: Mutex<State>

  /// An authority over these issuers. `trustsLoopbackOnly` is for a list with the development key.
  public init(_ issuers: [TokenIssuer], trustsLoopbackOnly: Bool, time: any TimeSource) {
    self.trustsLoopbackOnly = trustsLoopbackOnly
    self.time = time
    self.state = Mutex(State(issuers: issuers))
  }

  /// How many believed tokens are kept.
  public var keptCount: Int { self.state.withLock { $0.cache.count } }

  /// Replaces the keys of the issuer with this purpose; tokens that were believed are looked at
  /// anew.
  public func replace(_ keys: JSONWebKeySet, of purpose: JSONWebToken.Purpose) {
    self.state.withLock { state in
      for index in state.issuers.indices where state.issuers[index].purpose == purpose {
        state.issuers[index].keys = keys
      }
      state.cache.removeAll()
      state.edition += 1
    }
  }

  /// The token's caller, or without a token the service that the certificate names.
  public func caller(
    token: Substring?, peer: PeerCertificate?
  ) throws(CredentialsRefused) -> Caller? {
    guard let token else { return peer?.service.map(Caller.init(service:)) }
    let now = self.time.now()
    if let known = self.state.withLock({ $0.cache.caller(of: token, at: now) }) { return known }
    let (issuers, edition) = self.state.withLock { ($0.issuers, $0.edition) }
    do throws(TokenError) {
      let verified = try JSONWebToken.verify(token, trusting: issuers, at: now)
      let caller = try Caller(verified)
      self.state.withLock { state in
        guard state.edition == edition else { return }
        state.cache.keep(token, of: caller, until: verified.holdsUntil)
      }
      return caller
    } catch {
      throw CredentialsRefused(
        error == .expired ? .tokenExpired : .tokenInvalid, why: error.description)
    }
  }
}
