/// Periods as the Civil Code counts them (Arts. 200 to 204).
extension CivilDate {
  /// The day `days` later (earlier if negative).
  ///
  /// A period counted in days does not count the day it starts on (Art. 201), so a period of n days
  /// ends on `start.adding(days: n)`.
  public func adding(days: Int) -> CivilDate {
    let (sum, overflow) = self.dayNumber.addingReportingOverflow(days)
    if overflow { return days > 0 ? Self.latest : Self.earliest }
    return CivilDate(dayNumber: sum)
  }

  /// The corresponding day `months` later (earlier if negative), or the last day of that month
  /// where it has no corresponding day (Art. 202).
  ///
  /// Anniversaries are counted from their anchor each time, never from one another: a month's last
  /// day, once taken, would otherwise stay.
  public func adding(months: Int) -> CivilDate {
    let (total, overflow) = (self.year * 12 + self.month - 1).addingReportingOverflow(months)
    guard !overflow, total >= 12 else { return months > 0 ? Self.latest : Self.earliest }
    let year = total / 12
    let month = total % 12 + 1
    let last = Self.daysInMonth(year: year, month: month)
    return CivilDate(year: year, month: month, day: min(self.day, last)) ?? Self.latest
  }

  /// The corresponding day `years` later (earlier if negative), by the same rule (Art. 202).
  public func adding(years: Int) -> CivilDate {
    let (months, overflow) = years.multipliedReportingOverflow(by: 12)
    if overflow { return years > 0 ? Self.latest : Self.earliest }
    return self.adding(months: months)
  }

  /// Days from this day to `other`; negative if `other` is earlier.
  public func days(until other: CivilDate) -> Int {
    other.dayNumber - self.dayNumber
  }

  /// Full years from this day to `other`: a person's age (周岁) when this is the day of birth.
  ///
  /// The birthday itself completes the year; a birthday on 29 February falls on 28 February in
  /// common years (Art. 202). Zero before this day.
  public func completedYears(until other: CivilDate) -> Int {
    let candidate = max(0, other.year - self.year)
    return self.adding(years: candidate) <= other ? candidate : max(0, candidate - 1)
  }
}
