/// The half year of residence that a first permit needs: it runs from the day of *declaring*
/// registration (Zhejiang Regulation, Art. 16), by calendar months (Civil Code, Art. 202) or, where
/// a region's policy says so, by days.
public struct HalfYear: Hashable, Sendable {
  /// The day registration was declared, or the start of the chain it continues.
  public let declaredOn: CivilDate
  /// The corresponding day, or the last of the days, on which the half year is complete.
  public let completeOn: CivilDate
  /// The first day on which the person is eligible.
  public let eligibleFrom: CivilDate

  /// The half year from a day, as the policy counts it.
  public init(declaredOn: CivilDate, policy: PolicySettings) {
    self.declaredOn = declaredOn
    self.completeOn =
      switch policy.halfYearCount {
      case .months: declaredOn.adding(months: policy.halfYearMonths)
      case .days: declaredOn.adding(days: policy.halfYearDays)
      }
    self.eligibleFrom =
      policy.isEligibleOnDayItself ? self.completeOn : self.completeOn.adding(days: 1)
  }

  /// Whether the person is eligible on a day.
  public func isComplete(on date: CivilDate) -> Bool { self.eligibleFrom <= date }
}
