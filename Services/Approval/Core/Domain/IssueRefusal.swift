import DomainModel

/// Reads the registry's refusal to issue as a reason an officer can act on.
enum IssueRefusal {
  /// What the registry decides about a person. Everything else it may say is a fault between two
  /// services (a form that was checked and is called defective, a reused key, a wrong setting): no
  /// officer can mend it, and it never becomes a reason in law.
  static let decisions: Set<ErrorReason> = [
    .permitAlreadyLive, .personDeceased, .hukouInUnit, .personNumberChanged,
  ]

  /// The reason, in the catalogue's words; nil where the error is no decision about the person.
  static func reason(of error: ServiceError) -> CaseReason? {
    guard let reason = ErrorReason(rawValue: error.reason), self.decisions.contains(reason) else {
      return nil
    }
    return CaseReason(code: reason.rawValue, text: reason.chinese)
  }
}
