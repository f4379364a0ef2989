/// The terms that run on one case. Both the promise and the statute run from acceptance (受理), never
/// from submission; before acceptance the guard runs from receipt (收件).
public struct CaseClocks: Hashable, Sendable {
  /// The day from which the guard runs: submission, or the last supplement.
  public let receivedOn: CivilDate
  /// The day from which promise and statute run; nil before acceptance.
  public let acceptedOn: CivilDate?
  /// Until when to accept or to give the once-only notice, else it counts as accepted from receipt
  /// (Administrative Licence Law, Art. 32).
  public let guardDue: DueDate
  /// Until when the office is warned of a case nobody has taken up.
  public let warningDue: DueDate
  /// The promise (承诺时限): permit signed by then; nil before acceptance.
  public let promiseDue: DueDate?
  /// The statute (法定时限, Regulation of Residence Permits, Art. 9); nil before acceptance.
  public let statuteDue: DueDate?

  /// The clocks of a case that was received and not accepted yet.
  public static func received(
    on date: CivilDate, policy: PolicySettings, calendar: WorkingDayCalendar
  ) -> CaseClocks {
    CaseClocks(receivedOn: date, acceptedOn: nil, pauses: [], policy: policy, calendar: calendar)
  }

  /// The clocks of a case accepted on a day, received on that day or before. `pauses` are those
  /// that ended; while one is open the clocks stand still and have no due date.
  public static func accepted(
    on date: CivilDate, receivedOn: CivilDate, pauses: [Pause] = [], policy: PolicySettings,
    calendar: WorkingDayCalendar
  ) -> CaseClocks {
    CaseClocks(
      receivedOn: receivedOn, acceptedOn: date, pauses: pauses, policy: policy, calendar: calendar)
  }

  /// The clocks of a case on which nobody said a word within the guard: it counts as accepted on
  /// the day of receipt, so that it is overdue at once and escalates.
  public static func deemedAccepted(
    receivedOn: CivilDate, pauses: [Pause] = [], policy: PolicySettings,
    calendar: WorkingDayCalendar
  ) -> CaseClocks {
    self.accepted(
      on: receivedOn, receivedOn: receivedOn, pauses: pauses, policy: policy, calendar: calendar)
  }

  private init(
    receivedOn: CivilDate, acceptedOn: CivilDate?, pauses: [Pause], policy: PolicySettings,
    calendar: WorkingDayCalendar
  ) {
    self.receivedOn = receivedOn
    self.acceptedOn = acceptedOn
    self.guardDue = calendar.dueDate(after: receivedOn, workingDays: policy.guardWorkingDays)
    self.warningDue = calendar.dueDate(
      after: receivedOn, workingDays: policy.acceptanceWarningWorkingDays)
    self.promiseDue = acceptedOn.map {
      calendar.dueDate(after: $0, workingDays: policy.promiseWorkingDays, pauses: pauses)
    }
    self.statuteDue = acceptedOn.map {
      calendar.dueDate(
        after: $0, calendarDays: policy.statuteDays,
        rollsPastHolidays: policy.statuteRollsPastHolidays, pauses: pauses)
    }
  }
}
