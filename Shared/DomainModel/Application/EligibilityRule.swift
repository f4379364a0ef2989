/// The published catalogue of rules of eligibility: the codes that stand in a finding's `rule`. A
/// failed rule is no defect; it goes with the case, and only an officer refuses. It stands beside
/// `ErrorReason` in `proto/ERRORS.md`; a code is never reused, new ones are added at the end.
///
/// Which of them a kind of application asks for, and on what article, the region's policy says.
public enum EligibilityRule: String, Hashable, Sendable, CaseIterable {
  /// The hukou lies in another residence unit than the residence (Zhejiang Regulation, Art. 2).
  case hukouIsLocal = "HUKOU_IS_LOCAL"
  /// A residence registration is in force in the residence unit (Art. 16).
  case notRegisteredHere = "NOT_REGISTERED_HERE"
  /// The half year from the day of declaring registration has passed (Art. 16).
  case halfYearNotReached = "HALF_YEAR_NOT_REACHED"
  /// The person holds no live permit (Decree 663, Art. 4; one permit a person).
  case livePermitExists = "LIVE_PERMIT_EXISTS"
  /// The identity number is a mainland one; others have another document (Art. 38).
  case idNotMainland = "ID_NOT_MAINLAND"
  /// A condition is claimed and its evidence uploaded (Art. 16).
  case conditionNotShown = "CONDITION_NOT_SHOWN"
  /// The half year of registrations in all units of the region together has passed (Suichang plan,
  /// 居住登记时间累计互认).
  case accumulatedHalfYearNotReached = "ACCUMULATED_HALF_YEAR_NOT_REACHED"
  /// No registration is in force in the residence unit.
  case alreadyRegisteredHere = "ALREADY_REGISTERED_HERE"
  /// The person holds a live permit.
  case permitMissing = "PERMIT_MISSING"
  /// The permit, where there is one, is of the unit of the residence (Art. 19).
  case permitOfAnotherUnit = "PERMIT_OF_ANOTHER_UNIT"
  /// The permit, where there is one, is not of the unit of the residence.
  case permitOfThisUnit = "PERMIT_OF_THIS_UNIT"
  /// The permit is not reported lost.
  case permitLost = "PERMIT_LOST"
  /// The permit is reported lost.
  case permitNotLost = "PERMIT_NOT_LOST"
  /// The permit is not suspended, or the policy takes suspended ones.
  case permitSuspended = "PERMIT_SUSPENDED"
  /// No court order holds the permit.
  case permitUnderOrder = "PERMIT_UNDER_ORDER"
  /// The window of endorsement is open, or has passed: a late endorsement restores (Art. 19).
  case endorsementWindowNotOpen = "ENDORSEMENT_WINDOW_NOT_OPEN"
  /// No other application for endorsement is undecided.
  case endorsementUndecided = "ENDORSEMENT_UNDECIDED"
  /// No application is in progress that stands against this one.
  case applicationInConflict = "APPLICATION_IN_CONFLICT"
  /// Whoever acts for the person may do so for this kind (Decree 663, Art. 9).
  case proxyNotAllowed = "PROXY_NOT_ALLOWED"
}
