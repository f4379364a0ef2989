/// Which of the things that a service keeps a caller reaches by a method. The access table says it
/// beside who may call, a handler finds it in `CallContext.reach`, and the store makes it a
/// condition of its WHERE.
public enum ReachRule: String, Hashable, Sendable, CaseIterable {
  /// Adds something, which is the caller's from then on; reaches nothing that is there.
  case adds
  /// An applicant: what is his own or his recorded ward's. All else is `NOT_FOUND` to him.
  case ownAndWards = "own and wards'"
  /// An integrator: what it submitted. All else is `NOT_FOUND` to it.
  case submitted
  /// An officer: what belongs to his own office or one below it. All else is `PERMISSION_DENIED`.
  case office
  /// What the service publishes to whoever may call: it tells of nobody and is nobody's.
  case published
  /// A verifier: what somebody shows it, by the number or the code that it was given, and nothing
  /// by a name or a part of a number.
  case shown
  /// Everything there is: auditors, and those of our own services that are listed.
  case everything

  /// Whether a caller of this kind can be held to the rule. An applicant who reached everything
  /// would be a mistake of the table.
  func fits(_ kind: Caller.Kind) -> Bool {
    switch self {
    case .adds: kind != .auditor && kind != .service
    case .ownAndWards: kind == .applicant
    case .submitted: kind == .integrator
    case .office: kind == .officer
    case .published: kind != .service
    case .shown: kind == .officer || kind == .integrator
    case .everything: kind == .auditor
    }
  }
}
