/// The terms that run on one case under its policy, by the kind of its application. Both the
/// promise and the statute run from acceptance (受理), never from submission; before acceptance the
/// guard runs from receipt (收件).
///
/// A case on which nobody says a word within the guard counts as accepted on the day of receipt, so
/// that it is overdue at once.
public struct CaseTerms: Sendable {
  /// The policy the case keeps.
  public let policy: PolicySettings
  /// The working days.
  public let calendar: WorkingDayCalendar

  /// Terms under a policy.
  public init(policy: PolicySettings, calendar: WorkingDayCalendar) {
    self.policy = policy
    self.calendar = calendar
  }

  /// Until when to accept or to give the once-only notice, from the day of submission or of the
  /// last supplement (Administrative Licence Law, Art. 32).
  public func guardDue(from start: CivilDate, of kind: ApplicationKind) -> DueDate {
    self.calendar.dueDate(after: start, workingDays: self.policy.days(.guarding, of: kind))
  }

  /// Until when the office is warned of a case nobody has taken up.
  public func warningDue(from start: CivilDate, of kind: ApplicationKind) -> DueDate {
    self.calendar.dueDate(after: start, workingDays: self.policy.days(.warning, of: kind))
  }

  /// Until when a once-only notice can be answered, in days from the notice, past a day off at its
  /// end (Civil Code, Art. 203). After it the case can be ended without a supplement.
  public func supplementDue(notifiedOn start: CivilDate) -> DueDate {
    self.calendar.dueDate(
      after: start, calendarDays: self.policy.supplementDays, rollsPastHolidays: true)
  }

  /// The promise (承诺时限): permit signed by then, in working days from acceptance. `pauses` are
  /// those that ended, oldest first; while one is open the clocks stand still.
  public func promiseDue(
    acceptedOn start: CivilDate, of kind: ApplicationKind, pauses: [Pause] = []
  ) -> DueDate {
    self.calendar.dueDate(
      after: start, workingDays: self.policy.days(.promise, of: kind), pauses: pauses)
  }

  /// The statute (法定时限): days from acceptance, rolled past a day off where the policy says so
  /// (Regulation of Residence Permits, Art. 9; Civil Code, Art. 203). An extension adds its days.
  public func statuteDue(
    acceptedOn start: CivilDate, of kind: ApplicationKind, pauses: [Pause] = [],
    extendedBy days: Int = 0
  ) -> DueDate {
    self.calendar.dueDate(
      after: start, calendarDays: self.policy.days(.statute, of: kind) + days,
      rollsPastHolidays: self.policy.statuteRollsPastHolidays, pauses: pauses)
  }
}
