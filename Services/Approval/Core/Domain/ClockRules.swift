import DomainModel

/// A time in which the clocks stood still: from the day of the notice to the day of the supplement.
struct ClockPause: Hashable, Sendable {
  var from: CivilDate
  var to: CivilDate
}

/// Counts the terms of a case.
///
/// The start day is not counted (Civil Code, Art. 201). A pause moves what is left by its own
/// length: the day on which the clocks stop is not used up, and the day on which they go on takes
/// its place. So a notice on a term's last day leaves that last day for after the supplement, and
/// a term that had run out before the pause stays run out.
struct ClockRules: Sendable {
  var policy: PolicySettings
  var calendar: WorkingDayCalendar

  /// Until when the case must be accepted or the notice given (Administrative Licence Law, Art.
  /// 32).
  func acceptanceDue(from start: CivilDate) -> DueDate {
    self.calendar.dueDate(after: start, workingDays: self.policy.guardWorkingDays)
  }

  /// Until when the outcome is promised, in working days from acceptance (seed S0).
  func promiseDue(acceptedOn start: CivilDate, pauses: [ClockPause]) -> DueDate {
    self.calendar.dueDate(
      after: start, workingDays: self.policy.promiseWorkingDays,
      pauses: Self.stopped(by: pauses, after: start).compactMap(Self.modelPause))
  }

  /// Until when the law asks for the outcome, in days from acceptance, rolled past a day off
  /// (Zhejiang Regulation, Art. 18; Civil Code, Art. 203).
  func statuteDue(acceptedOn start: CivilDate, pauses: [ClockPause]) -> DueDate {
    let stopped = Self.stopped(by: pauses, after: start)
    var due = self.calendar.dueDate(
      after: start, calendarDays: self.policy.statuteDays,
      rollsPastHolidays: self.policy.statuteRollsPastHolidays,
      pauses: stopped.compactMap(Self.modelPause))
    // A term that was rolling past a holiday when the clocks stopped rolls on when they run again.
    for days in stopped where days.contains(due.date) {
      due = self.calendar.rolled(days.upperBound)
    }
    return due
  }

  /// The days that pauses take out, oldest first. A pause that begins on a day which does not count
  /// itself (the start day, or the end of such a pause) takes out the days after it.
  private static func stopped(
    by pauses: [ClockPause], after start: CivilDate
  ) -> [Range<CivilDate>] {
    var first = start.adding(days: 1)
    return pauses.map { pause in
      let from = max(pause.from, first)
      first = from.adding(days: max(0, pause.from.days(until: pause.to)))
      return from..<first
    }
  }

  /// The same days in the calendar's words, where the day of stopping counts.
  private static func modelPause(_ days: Range<CivilDate>) -> Pause? {
    if days.isEmpty { return nil }
    return Pause(
      stoppedOn: days.lowerBound.adding(days: -1), resumedOn: days.upperBound.adding(days: -1))
  }
}
