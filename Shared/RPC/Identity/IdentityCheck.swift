import DomainModel
import Logging

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
