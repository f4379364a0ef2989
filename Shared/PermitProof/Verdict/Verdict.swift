public import DomainModel

/// What can be said of a certificate as of an instant, the strongest first.
public enum Verdict: String, Hashable, Sendable, CaseIterable, Comparable {
  /// It is not what it says it is, or comes with evidence that is not.
  case refused = "REFUSED"
  /// It is genuine and must not be accepted: cancelled, superseded, or lost.
  case revoked = "REVOKED"
  /// It is genuine, and the permit is suspended.
  case suspended = "SUSPENDED"
  /// It is genuine, and its term is over or has not begun.
  case notInForce = "NOT_IN_FORCE"
  /// With what was given nobody can tell.
  case cannotKnow = "CANNOT_KNOW"
  /// It is genuine and in force.
  case valid = "VALID"

  /// Whether one is stronger than another: it is the verdict where both have reasons.
  public static func < (left: Verdict, right: Verdict) -> Bool {
    let all = Self.allCases
    return (all.firstIndex(of: left) ?? 0) < (all.firstIndex(of: right) ?? 0)
  }
}

/// A verdict and all that it rests on.
public struct Verification: Hashable, Sendable {
  /// What can be said.
  public let verdict: Verdict
  /// Why, in the catalogue's order; empty for a valid certificate.
  public let reasons: [ProofReason]
  /// The instant as of which it is said.
  public let asOf: Timestamp
  /// The document, if it is genuine: signed by a trusted key at its time.
  public let document: PermitDocument?
  /// The code, if it is genuine.
  public let code: OfflineCode?

  init(
    _ reasons: Set<ProofReason>, asOf: Timestamp, document: PermitDocument? = nil,
    code: OfflineCode? = nil
  ) {
    self.verdict = reasons.map(\.verdict).min() ?? .valid
    self.reasons = ProofReason.allCases.filter(reasons.contains)
    self.asOf = asOf
    self.document = document
    self.code = code
  }

  /// Whether the signature is a trusted key's, whatever became of the permit since.
  public var isGenuine: Bool { self.document != nil || self.code != nil }
}
