internal import DomainModel
public import RPC
internal import Synchronization

/// Believes tokens that only this process can have made: each is the number of a caller that a test
/// named before. What a real token needs to be believed is tested where tokens are.
public struct TestIdentity: CallerAuthority {
  /// Nothing of it would be safe on a network.
  public let trustsLoopbackOnly = true

  private static let callers = Mutex<[Caller]>([])

  /// The authority; all of a process know the same callers.
  public init() {}

  /// A token that names a caller.
  public static func token(_ caller: Caller) -> String {
    let number = Self.callers.withLock { callers in
      if let known = callers.firstIndex(of: caller) { return known }
      callers.append(caller)
      return callers.count - 1
    }
    return "test-\(number)"
  }

  /// The caller that a token of `token(_:)` names, or without one the certificate's service.
  public func caller(
    token: Substring?, peer: PeerCertificate?
  ) throws(CredentialsRefused) -> Caller? {
    guard let token else { return peer?.service.map(Caller.init(service:)) }
    let number = token.hasPrefix("test-") ? Int(token.dropFirst(5)) : nil
    let caller = number.flatMap { number in
      Self.callers.withLock { $0.indices.contains(number) ? $0[number] : nil }
    }
    guard let caller else { throw CredentialsRefused(.tokenInvalid, why: "no test made it") }
    return caller
  }
}

/// Tokens of one caller, for `TestIdentity`.
public struct TestTokens: TokenSource {
  private let text: String

  /// Tokens of a caller.
  public init(_ caller: Caller) {
    self.text = TestIdentity.token(caller)
  }

  /// The token.
  public func token() -> String { self.text }
}

extension RPCChannel {
  /// This channel, on which `caller` makes every call to a server with `TestIdentity`.
  public func calling(as caller: Caller) -> any RPCChannel {
    self.authorized(by: TestTokens(caller))
  }
}

extension Metadata {
  /// Metadata by which `caller` calls a server with `TestIdentity`.
  public init(caller: Caller) {
    self.init(bearer: TestIdentity.token(caller))
  }
}
