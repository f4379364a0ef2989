import DomainModel

/// Reads the registry's refusal of an order as reasons that an officer can act on.
enum IssueRefusal {
  /// What stands against a person's holding a permit, or an address.
  private static let ofPersons: Set<ErrorReason> = [
    .permitAlreadyLive, .personDeceased, .hukouInUnit, .personNumberChanged,
  ]
  /// What stands against changing the permit there is.
  private static let ofPermits: Set<ErrorReason> = [
    .permitWrongState, .permitHeld, .recordErased,
  ]
  /// What stands against recording where a person lives, or another place.
  private static let ofRegistrations: Set<ErrorReason> = [
    .registrationEnded, .personDeceased, .hukouInUnit, .recordErased,
  ]

  /// What the registry decides about the person, his permit and his registration when it is given
  /// an order of this kind. Everything else it may say is a fault between two services (a form that
  /// was checked and is called defective, a reused key, a wrong setting): no officer can mend it,
  /// and it never becomes a reason in law.
  static func decisions(on kind: ApplicationKind) -> Set<ErrorReason> {
    switch kind {
    case .firstPermit: self.ofPersons
    case .conversionByPermit, .conversionByRegistration:
      self.ofPersons.union(self.ofPermits).union([.permitNotConvertible])
    case .endorsement:
      self.ofPermits.union(self.ofRegistrations).union([.endorsementTooEarly, .permitMustConvert])
    case .faceDataCorrection, .cancellation: self.ofPermits
    case .residenceRegistration: self.ofRegistrations
    case .addressChange:
      self.ofPermits.union(self.ofRegistrations).union([.permitMustConvert])
    case .confirmationSlip, .contactChange, .lossReport, .lossWithdrawal: []
    }
  }

  /// What an order can be found to be, only when it is held against what is on record.
  private static let findings: Set<DefectReason> = [
    .registrationUnchanged, .registrationDiffers, .registrationsTooMany, .dateTooEarly,
  ]

  /// The reasons, in the catalogue's words; none where the error is no decision about the person.
  static func reasons(of error: ServiceError, on kind: ApplicationKind) -> [CaseReason] {
    let decisions = self.decisions(on: kind)
    guard let reason = ErrorReason(rawValue: error.reason) else { return [] }
    if decisions.contains(reason) {
      return [CaseReason(code: reason.rawValue, text: reason.chinese)]
    }
    let found = error.violations.compactMap { DefectReason(rawValue: $0.reason) }
    guard reason == .requestInvalid, decisions.contains(.registrationEnded), !found.isEmpty,
      found.count == error.violations.count, self.findings.isSuperset(of: found)
    else { return [] }
    return error.violations.map { CaseReason(code: $0.reason, text: $0.chinese) }
  }
}
