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
public struct Pause: Hashable, Sendable {
  /// The day it stopped; that day still counts.
  public let stoppedOn: CivilDate
  /// The day it went on; the days after it count again.
  public let resumedOn: CivilDate

  /// A pause that is over; nil if it ended before it began.
  public init?(stoppedOn: CivilDate, resumedOn: CivilDate) {
    guard stoppedOn <= resumedOn else { return nil }
    self.stoppedOn = stoppedOn
    self.resumedOn = resumedOn
  }

  func covers(_ date: CivilDate) -> Bool { self.stoppedOn < date && date <= self.resumedOn }
}

extension WorkingDayCalendar {
  /// The end of a term of working days. The day it starts on is not counted (Civil Code, Art. 201),
  /// whether worked or not; a paused day is not counted either.
  public func dueDate(
    after start: CivilDate, workingDays count: Int, pauses: [Pause] = []
  ) -> DueDate {
    self.count(from: start, days: count, pauses: pauses) { self.isWorkingDay($0) }
  }

  /// The end of a term of calendar days, which rolls past a holiday on its last day if the policy
  /// says so (Civil Code, Arts. 201 and 203).
  public func dueDate(
    after start: CivilDate, calendarDays count: Int, rollsPastHolidays: Bool, pauses: [Pause] = []
  ) -> DueDate {
    let end = self.count(from: start, days: count, pauses: pauses) { _ in true }.date
    if rollsPastHolidays { return self.rolled(end) }
    return DueDate(date: end, isProvisional: false)
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
    from start: CivilDate, days count: Int, pauses: [Pause], where counts: (CivilDate) -> Bool
  ) -> DueDate {
    var date = start
    var left = count
    var isProvisional = false
    while left > 0, date < .latest {
      date = date.adding(days: 1)
      isProvisional = isProvisional || !self.isPublished(date)
      if counts(date), !pauses.contains(where: { $0.covers(date) }) { left -= 1 }
    }
    return DueDate(date: date, isProvisional: isProvisional)
  }
}
