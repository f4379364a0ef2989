public import DomainModel
import Logging

/// Says who is calling, from what the call shows.
///
/// A token names who acts, a certificate of ours names the service that calls. Where both are shown
/// the token counts, for a service may pass on a call in somebody's name; a token that is not
/// believed refuses the call whatever the certificate is.
public protocol CallerAuthority: Sendable {
  /// Whether it believes what anybody on this machine could make, so that a server with it must
  /// listen on loopback only.
  var trustsLoopbackOnly: Bool { get }

  /// The caller; nil where the call shows nothing that names one.
  ///
  /// `token` is what stands after `Bearer` in the call's `authorization`, `peer` what the client's
  /// certificate says. It runs on the connection's event loop for every call.
  func caller(
    token: Substring?, peer: PeerCertificate?
  ) throws(CredentialsRefused) -> Caller?
}

/// What a call shows of its caller is not believed.
public struct CredentialsRefused: Error, Hashable, Sendable {
  /// What the caller is told; its status is `UNAUTHENTICATED`.
  public let reason: ErrorReason
  /// Which check failed, for the log; nothing of the token.
  public let why: String

  /// A refusal.
  public init(_ reason: ErrorReason, why: String) {
    self.reason = reason
    self.why = why
  }
}

/// Sets a call's caller, and takes the token out of its metadata: no handler, log or peer sees it.
struct IdentityCheck: ServerInterceptor {
  let authority: any CallerAuthority

  func begin(_ context: inout CallContext) throws {
    do throws(CredentialsRefused) {
      let shown = try context.metadata.takeAuthorization()
      if shown == nil && context.peer == nil { return }
      let token = try shown.map(Self.bearer)
      context.caller = try self.authority.caller(token: token, peer: context.peer)
    } catch {
      context.logger.info("caller is not believed", metadata: ["why": "\(error.why)"])
      throw ServiceError(error.reason)
    }
  }

  /// The token of `Bearer <token>` (RFC 6750, 2.1); the scheme's case does not matter (RFC 9110,
  /// 11.1).
  private static func bearer(_ text: String) throws(CredentialsRefused) -> Substring {
    let scheme = text.utf8.prefix(7)
    guard scheme.count == 7, zip(scheme, "bearer ".utf8).allSatisfy({ $0 == $1 || $0 | 32 == $1 })
    else { throw CredentialsRefused(.tokenInvalid, why: "authorization is not Bearer") }
    return text[scheme.endIndex...]
  }
}

extension Metadata {
  /// The name under which a token travels.
  public static let authorization = "authorization"

  /// Metadata that shows a token.
  public init(bearer token: String) {
    self.init()
    self.append(Self.authorization, "Bearer \(token)")
  }

  /// Takes out the one text under `authorization`; nil where there is none. Throws where there are
  /// two: which of them counts is nothing to guess.
  mutating func takeAuthorization() throws(CredentialsRefused) -> String? {
    guard let text = self[Self.authorization] else { return nil }
    let removed = self.remove(Self.authorization)
    guard removed == 1 else {
      throw CredentialsRefused(.tokenInvalid, why: "authorization stands \(removed) times")
    }
    return text
  }
}
