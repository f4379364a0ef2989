import DomainModel

/// Reads the registry's refusal to issue as reasons an officer can act on.
enum IssueRefusal {
  /// The code where the registry named none.
  static let unnamedCode = "ISSUE_REFUSED"

  /// Whether an error is the registry's decision about the person. What remains is a fault between
  /// two services (a wrong configuration, a defect of ours), which no officer can mend.
  static func isDecision(_ error: ServiceError) -> Bool {
    switch error.code {
    case .invalidArgument, .notFound, .alreadyExists, .outOfRange: true
    case .failedPrecondition: error.reason != ErrorReason.idempotencyKeyReused.rawValue
    default: false
    }
  }

  /// All the reasons of an error, each code once: its violations, else the error itself.
  static func reasons(of error: ServiceError) -> [CaseReason] {
    let told =
      error.violations.isEmpty
      ? [(code: error.reason, text: Self.sentence(of: error))]
      : error.violations.map { (code: $0.reason, text: $0.chinese) }
    var seen: Set<String> = []
    var reasons: [CaseReason] = []
    for (code, text) in told where reasons.count < CaseReason.countMax {
      let code = CaseReason.isCode(code) ? code : Self.unnamedCode
      if seen.insert(code).inserted {
        reasons.append(CaseReason(code: code, text: Self.clean(text)))
      }
    }
    return reasons
  }

  private static func sentence(of error: ServiceError) -> String {
    ErrorReason(rawValue: error.reason)?.chinese ?? error.message
  }

  /// Without control characters, and no longer than a reason may be.
  private static func clean(_ text: String) -> String {
    let seen = text.unicodeScalars.filter { !TextRules.hasControlCharacter(String($0)) }
    return String(String.UnicodeScalarView(seen.prefix(CaseReason.textCharactersMax)))
  }
}
