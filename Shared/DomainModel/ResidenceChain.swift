/// One registration of residence (居住登记) as the history keeps it.
public struct RegistrationPeriod: Hashable, Sendable {
  /// The code of the residence unit it was made in.
  public let unit: String
  /// The day of declaration.
  public let declaredOn: CivilDate
  /// The last day it held; nil while it does.
  public let endedOn: CivilDate?

  /// A registration; nil if it ended before it was declared.
  public init?(unit: String, declaredOn: CivilDate, endedOn: CivilDate?) {
    if let endedOn, endedOn < declaredOn { return nil }
    self.unit = unit
    self.declaredOn = declaredOn
    self.endedOn = endedOn
  }
}

/// The continuous registration (连续登记) that reaches a day: registrations that follow one another.
///
/// Days on which two overlap count once. A gap of at most `registration_gap_days_max` days does not
/// break the chain but moves its start forward by the gap; a longer one begins it anew. The
/// tolerated gap rests on the ten days in which a change is to be reported (Zhejiang Regulation,
/// Art. 13).
public struct ResidenceChain: Hashable, Sendable {
  /// The day from which the time counts: the first declaration, moved forward by the gaps.
  public let countsFrom: CivilDate
  /// The declaration that began the chain.
  public let declaredOn: CivilDate
  /// Unregistered days inside the chain.
  public let gapDays: Int
  /// Whether a registration holds on the day the chain was read.
  public let isRegistered: Bool

  /// The chain that reaches a day; nil if there is none, or if its last registration ended more
  /// than the tolerated gap before. `unit` restricts it to one residence unit; moving house inside
  /// a unit never breaks it.
  public static func reaching(
    _ date: CivilDate, in history: [RegistrationPeriod], unit: String? = nil,
    policy: PolicySettings
  ) -> ResidenceChain? {
    let periods =
      history
      .filter { $0.declaredOn <= date && (unit == nil || $0.unit == unit) }
      .sorted { $0.declaredOn < $1.declaredOn }
    guard let first = periods.first else { return nil }

    var declaredOn = first.declaredOn
    var gapDays = 0
    var coveredTo = min(first.endedOn ?? date, date)
    for period in periods.dropFirst() {
      let gap = max(0, coveredTo.days(until: period.declaredOn) - 1)
      if gap > policy.registrationGapDaysMax {
        declaredOn = period.declaredOn
        gapDays = 0
      } else {
        gapDays += gap
      }
      coveredTo = max(coveredTo, min(period.endedOn ?? date, date))
    }
    let openGap = coveredTo.days(until: date)
    if openGap > policy.registrationGapDaysMax { return nil }
    return ResidenceChain(
      countsFrom: declaredOn.adding(days: gapDays + openGap), declaredOn: declaredOn,
      gapDays: gapDays + openGap, isRegistered: openGap == 0)
  }

  /// The half year that the chain fills.
  public func halfYear(policy: PolicySettings) -> HalfYear {
    HalfYear(declaredOn: self.countsFrom, policy: policy)
  }

  /// Days of residence up to and including a day: for points (积分).
  public func residenceDays(until date: CivilDate) -> Int {
    max(0, self.countsFrom.days(until: date) + 1)
  }
}
