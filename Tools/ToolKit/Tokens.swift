import Crypto
import DomainModel
package import RPC
import Synchronization

/// What calls show of who makes them.
package protocol CallerTokens: Sendable {
  /// A token for a call by `caller`.
  func token(for caller: Caller) throws -> String
}

/// The tokens that calls show: the one that was given, or tokens of the development key, each made
/// once and kept while it holds.
package final class Tokens: CallerTokens {
  /// How long a token holds that is made here, in minutes.
  private static let minutes: Int64 = 60
  /// For how long it is shown: a call that begins then has time left.
  private static let shown = Duration.seconds(50 * 60)
  /// How many callers' tokens are kept. Applicants, of whom each is another, are not.
  private static let keptMax = 4_096

  private struct Kept {
    let token: String
    let madeAt: ContinuousClock.Instant
  }

  private struct State {
    var key: TokenSigningKey?
    var kept: [Caller: Kept] = [:]
  }

  private let given: String?
  private let folder: String
  private let purpose: JSONWebToken.Purpose
  private let state = Mutex(State())

  /// Tokens as the command line's options say. The key is read when it is first needed.
  package init(_ credentials: Credentials) {
    self.given = credentials.token ?? environment("ANJU_TOKEN")
    self.folder = credentials.keys.folder
    self.purpose = credentials.keys.purpose
  }

  /// A token for a call by `caller`.
  package func token(for caller: Caller) throws -> String {
    if let given { return given }
    let now = ContinuousClock.now
    let known = self.state.withLock { state -> (key: TokenSigningKey?, kept: Kept?) in
      (state.key, state.kept[caller])
    }
    if let kept = known.kept, now - kept.madeAt < Self.shown { return kept.token }
    let key = try known.key ?? DevelopmentKey.load(directory: self.folder)
    let token = try JSONWebToken.signed(
      TokenClaims(of: caller), for: self.purpose, from: .present,
      lifetimeMs: Self.minutes * 60_000, by: key)
    self.state.withLock { state in
      state.key = key
      guard caller.kind != .applicant else { return }
      if state.kept.count >= Self.keptMax { state.kept.removeAll() }
      state.kept[caller] = Kept(token: token, madeAt: now)
    }
    return token
  }
}

extension TokenClaims {
  /// What a login says of a caller.
  fileprivate init(of caller: Caller) {
    self.init(
      subject: caller.id, kind: caller.kind.rawValue, person: caller.citizenID, role: caller.role,
      office: caller.office)
    self.assurance = caller.login?.assurance
    self.loggedInAt = caller.login?.loggedInAt
    self.faceCheckedAt = caller.login?.faceCheckedAt
  }
}
