/// The last day of a term.
public struct DueDate: Hashable, Sendable {
  /// The last day on which the duty can be done in time.
  public let date: CivilDate
  /// Whether a day was counted whose holiday arrangement is not published yet; the date is computed
  /// again when the calendar is.
  public let isProvisional: Bool

  /// The last day of a term.
  public init(date: CivilDate, isProvisional: Bool) {
    self.date = date
    self.isProvisional = isProvisional
  }

  /// 24:00 of that day in Asia/Shanghai (Civil Code, Art. 203); from this instant on it is overdue.
  public var instant: Timestamp { self.date.endOfDay }
}

/// A time during which a term did not run, such as while material was awaited.
///
/// It moves what is left of the term by its own length: the day of stopping is not used up, and the
/// day of going on takes its place. So a notice on a term's last day leaves that last day for after
/// the supplement, and a term that had run out before the pause stays run out.
public struct Pause: Hashable, Sendable {
  /// The day it stopped; the first that does not count.
  public let stoppedOn: CivilDate
  /// The day it went on; that day counts.
  public let resumedOn: CivilDate

  /// A pause that is over; nil if it ended before it began.
  public init?(stoppedOn: CivilDate, resumedOn: CivilDate) {
    guard stoppedOn <= resumedOn else { return nil }
    self.stoppedOn = stoppedOn
    self.resumedOn = resumedOn
  }

  /// The days that pauses, oldest first, take out of a term. A pause that begins on a day which
  /// does not count itself (the start day, or a day of another pause) takes out the days after it.
  static func daysOut(_ pauses: [Pause], after start: CivilDate) -> [Range<CivilDate>] {
    var first = start.adding(days: 1)
    return pauses.map { pause in
      let from = max(pause.stoppedOn, first)
      first = from.adding(days: pause.stoppedOn.days(until: pause.resumedOn))
      return from..<first
    }
  }
}

extension WorkingDayCalendar {
  /// The end of a term of working days. The day it starts on is not counted (Civil Code, Art. 201),
  /// whether worked or not; a paused day is not counted either. `pauses` are oldest first.
  public func dueDate(
    after start: CivilDate, workingDays count: Int, pauses: [Pause] = []
  ) -> DueDate {
    self.count(from: start, days: count, without: Pause.daysOut(pauses, after: start)) {
      self.isWorkingDay($0)
    }
  }

  /// The end of a term of calendar days, which rolls past a holiday on its last day if the policy
  /// says so (Civil Code, Arts. 201 and 203). `pauses` are oldest first.
  public func dueDate(
    after start: CivilDate, calendarDays count: Int, rollsPastHolidays: Bool, pauses: [Pause] = []
  ) -> DueDate {
    let out = Pause.daysOut(pauses, after: start)
    let end = self.count(from: start, days: count, without: out) { _ in true }.date
    if !rollsPastHolidays { return DueDate(date: end, isProvisional: false) }
    var due = self.rolled(end)
    // A term that was rolling past a holiday when the clocks stopped rolls on when they run again.
    for days in out where days.contains(due.date) { due = self.rolled(days.upperBound) }
    return due
  }

  /// The day itself if it is worked, else the first worked day after it (Civil Code, Art. 203).
  public func rolled(_ date: CivilDate) -> DueDate {
    var end = date
    var isProvisional = !self.isPublished(end)
    while !self.isWorkingDay(end), end < .latest {
      end = end.adding(days: 1)
      isProvisional = isProvisional || !self.isPublished(end)
    }
    return DueDate(date: end, isProvisional: isProvisional)
  }

  private func count(
    from start: CivilDate, days count: Int, without out: [Range<CivilDate>],
    where counts: (CivilDate) -> Bool
  ) -> DueDate {
    var date = start
    var left = count
    var isProvisional = false
    while left > 0, date < .latest {
      date = date.adding(days: 1)
      isProvisional = isProvisional || !self.isPublished(date)
      if counts(date), !out.contains(where: { $0.contains(date) }) { left -= 1 }
    }
    return DueDate(date: date, isProvisional: isProvisional)
  }
}
