public import DomainModel

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
