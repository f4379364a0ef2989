import DomainModel

/// Reads the registry's refusal as what an applicant is told.
enum RegistryRefusal {
  /// What the registry decides about what is on record. Everything else it may say is a fault
  /// between two services, and never a reason that anybody is told.
  private static let decisions: Set<ErrorReason> = [
    .permitNotFound, .permitWrongState, .permitHeld, .endorsementTooEarly,
    .endorsementAlreadyPending, .registrationNotFound, .registrationEnded, .recordErased,
    .personDeceased, .hukouInUnit, .personNumberChanged,
  ]
  /// Of a request that was checked here, what only the records can show to be wrong.
  private static let recorded: Set<DefectReason> = [
    .dateTooEarly, .registrationUnchanged, .registrationsTooMany,
  ]

  /// The reasons, in the catalogue's words; none where the error is no such decision.
  static func reasons(of error: ServiceError) -> [Reason] {
    guard let reason = ErrorReason(rawValue: error.reason) else { return [] }
    if Self.decisions.contains(reason) {
      return [Reason(code: reason.rawValue, text: reason.chinese)]
    }
    guard reason == .requestInvalid else { return [] }
    let defects = error.violations.compactMap { DefectReason(rawValue: $0.reason) }
    guard defects.count == error.violations.count, Self.recorded.isSuperset(of: defects) else {
      return []
    }
    return defects.map { Reason(code: $0.rawValue, text: $0.chinese) }
  }
}
