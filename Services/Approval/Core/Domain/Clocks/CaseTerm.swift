import DomainModel

/// A term of a case, which passes though nobody does anything.
enum CaseTerm: String, Hashable, Sendable, CaseIterable {
  /// From receipt to the warning that nobody has taken it up.
  case warning
  /// From receipt to acceptance or once-only notice; then it counts as accepted.
  case guarding = "guard"
  /// 承诺期限
  case promise
  /// 法定期限
  case statute
  /// That of the stage that is under way.
  case stage
  /// From a hearing's or appraisal's begin to its expected end.
  case pause
  /// From a once-only notice to its lapse.
  case supplement
}

/// A term that passed, and what it is for was not done: its office was warned, or it was escalated
/// to the office above. Once a term and last day; a term that moved can pass again.
struct CaseAlarm: Hashable, Sendable {
  var term: CaseTerm
  /// The term's last day.
  var dueOn: CivilDate
  /// The instant of law from which it had passed.
  var raisedAt: Timestamp
  /// To whom: 12 digits.
  var officeCode: String
}
