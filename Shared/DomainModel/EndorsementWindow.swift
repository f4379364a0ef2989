/// The anniversaries of a permit, counted from its anchor each time (Zhejiang Regulation, Art. 19:
/// 自证件签发之日起每满一年之日).
public enum Anniversary {
  /// The day on which the anchor's year `number` is full; the last of February for an anchor on
  /// 29 February in common years (Civil Code, Art. 202).
  public static func number(_ number: Int, of anchor: CivilDate) -> CivilDate {
    anchor.adding(years: number)
  }

  /// The first anniversary later than a day.
  public static func next(after date: CivilDate, of anchor: CivilDate) -> CivilDate {
    var number = max(1, date.year - anchor.year)
    var found = self.number(number, of: anchor)
    while found <= date, found < .latest {
      number += 1
      found = self.number(number, of: anchor)
    }
    return found
  }
}

/// When a permit can be endorsed in time: the month before each full year from its issue (Zhejiang
/// Regulation, Art. 19), with that day itself where the policy says so.
public struct EndorsementWindow: Hashable, Sendable {
  /// The first day.
  public let opensOn: CivilDate
  /// The last day: the anniversary itself or, by the policy, the day before it; or a worked day
  /// after that where the policy rolls.
  public let closesOn: CivilDate
  /// The full year that the window belongs to.
  public let anniversary: CivilDate
  /// Whether `closesOn` was rolled over days whose arrangement is not published.
  public let isProvisional: Bool

  /// The window of an anniversary.
  public init(
    anniversary: CivilDate, policy: PolicySettings, calendar: WorkingDayCalendar
  ) {
    let day = policy.endorsementOnAnniversary ? anniversary : anniversary.adding(days: -1)
    let last =
      policy.endorsementRollsPastHolidays
      ? calendar.rolled(day) : DueDate(date: day, isProvisional: false)
    self.anniversary = anniversary
    self.opensOn = anniversary.adding(months: -policy.endorsementWindowMonths)
    self.closesOn = last.date
    self.isProvisional = last.isProvisional
  }

  /// Whether an endorsement submitted on a day is in time.
  public func contains(_ date: CivilDate) -> Bool {
    self.opensOn <= date && date <= self.closesOn
  }

  /// The first day of suspension (中止) if it is not endorsed.
  public var suspendedFrom: CivilDate { self.closesOn.adding(days: 1) }
}
