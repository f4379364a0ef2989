/// A region's policy: the numbers and switches that its rules leave open, and the kinds of
/// application it offers. A case keeps the version it was opened under.
public struct PolicySettings: Hashable, Sendable {
  /// From what day a late endorsement's new year runs.
  public enum LateAnchor: String, Hashable, Sendable, CaseIterable {
    /// From the day of the late endorsement.
    case endorsement
    /// From the permit's issue, as if it had been in time.
    case issue
  }

  /// How the half year is counted.
  public enum HalfYearCount: String, Hashable, Sendable, CaseIterable {
    /// To the corresponding day (Civil Code, Art. 202).
    case months
    /// By `half_year_days`.
    case days
  }

  /// What one residence unit is made of.
  public enum UnitRule: String, Hashable, Sendable, CaseIterable {
    /// All districts of a city together (市区), or one county or county-level city.
    case urbanDistricts = "urban_districts"
    /// Each district, county or county-level city by itself.
    case county
  }

  /// Which edition of the policy this is.
  public let version: String
  /// The days on which an application can be submitted under it.
  public let inForce: Validity
  /// The six-digit code of the region.
  public let region: String
  /// Where one permit holds and registered time is counted as one.
  public let residenceUnit: UnitRule
  /// Which notice (告知书) an applicant reads and commits to.
  public let noticeVersion: String
  /// Working days from acceptance to the signed permit.
  public let promiseWorkingDays: Int
  /// Calendar days from acceptance to the signed permit.
  public let statuteDays: Int
  /// Whether a statute term that ends on a holiday ends on the next worked day.
  public let statuteRollsPastHolidays: Bool
  /// Working days from receipt to acceptance or once-only notice.
  public let guardWorkingDays: Int
  /// Working days after which the office is warned of a case nobody has taken up.
  public let acceptanceWarningWorkingDays: Int
  /// Days in which an applicant supplements, from the once-only notice.
  public let supplementDays: Int
  /// Days after which a draft that nobody has touched is removed, with its materials.
  public let draftDays: Int
  /// Whether the clocks of a case stand still while a supplement is awaited.
  public let supplementStopsClocks: Bool
  /// Whether the half year is counted by months or by days.
  public let halfYearCount: HalfYearCount
  /// Months of registered residence before a first permit.
  public let halfYearMonths: Int
  /// Days of registered residence before a first permit, where it is counted by days.
  public let halfYearDays: Int
  /// Whether one is eligible on the corresponding day itself, not only on the day after.
  public let isEligibleOnDayItself: Bool
  /// The longest gap, in days, that does not break continuous registration.
  public let registrationGapDaysMax: Int
  /// Months from issue to the day a permit is valid to.
  public let validityMonths: Int
  /// Months before an anniversary in which it can be endorsed.
  public let endorsementWindowMonths: Int
  /// Whether the anniversary itself is inside the window.
  public let endorsementOnAnniversary: Bool
  /// Whether an endorsement window that ends on a holiday ends on the next worked day.
  public let endorsementRollsPastHolidays: Bool
  /// From what day a late endorsement's new year runs.
  public let lateAnchor: LateAnchor
  /// Whether a suspended permit can be converted into one of another unit.
  public let conversionTakesSuspended: Bool
  /// Below this age a guardian applies.
  public let guardianRequiredUnderYears: Int
  /// From this age on a person can be guardian.
  public let guardianYearsMin: Int
  /// The divisions, prefectures or counties, in which nobody fetches a slip for the holder.
  public let slipInPersonIn: Set<String>
  /// Days in which a change of address or workplace is to be reported.
  public let changeReportDays: Int
  /// For how many minutes after a face check its holder may take a permit into 我的证照 or show it.
  public let faceCheckMinutes: Int
  /// For how many seconds a code by which a holder shows his permit can be redeemed.
  public let presentationSeconds: Int
  /// Days in which administrative review (行政复议) can be asked for.
  public let reviewDays: Int
  /// Months in which a suit (行政诉讼) can be brought.
  public let litigationMonths: Int
  /// The type code of the permit as an electronic certificate: 21 characters.
  public let certificateType: String
  /// What it says of stopping and extending clocks.
  public let clocks: ClockSettings
  /// What it says of materials.
  public let materials: MaterialSettings
  /// What it says of the green channel.
  public let greenChannel: GreenChannelSettings
  /// What it says of finding fraud.
  public let inspections: InspectionSettings
  /// The kinds of application, and which stand against one another.
  public let kinds: KindTable
  /// The article or page that each setting rests on, by its key.
  public let grounds: [String: String]

  /// Reads a region's file; its README describes the form. A key that is unknown, missing, repeated
  /// or out of its bounds is an error; the code has no defaults of its own. Throws
  /// `PolicyFileError`.
  public init(text: String, file: String = "zhejiang.tsv") throws(PolicyFileError) {
    let lines = PolicyFile(name: file, text: text)
    let sections = KindTable.sections
    self.kinds = try KindTable(lines.rows.filter { sections.contains($0.fields[0]) })
    var values = try SettingReader(
      file: lines, rows: lines.rows.filter { !sections.contains($0.fields[0]) })
    self.version = try values.text("version")
    self.inForce = try values.days(from: "in_force_from", to: "in_force_to")
    self.region = try values.digits("region", count: 6)
    self.residenceUnit = try values.choice("residence_unit")
    self.noticeVersion = try values.text("notice_version")
    self.promiseWorkingDays = try values.number("promise_working_days", in: 1...30)
    self.statuteDays = try values.number("statute_days", in: 1...30)
    self.statuteRollsPastHolidays = try values.flag("statute_rolls_past_holidays")
    self.guardWorkingDays = try values.number("guard_working_days", in: 1...30)
    self.acceptanceWarningWorkingDays = try values.number(
      "acceptance_warning_working_days", in: 1...30)
    self.supplementDays = try values.number("supplement_days", in: 1...180)
    self.draftDays = try values.number("draft_days", in: 1...365)
    self.supplementStopsClocks = try values.flag("supplement_stops_clocks")
    self.halfYearCount = try values.choice("half_year_counted_by")
    self.halfYearMonths = try values.number("half_year_months", in: 0...24)
    self.halfYearDays = try values.number("half_year_days", in: 0...730)
    self.isEligibleOnDayItself = try values.flag("eligible_on_day_itself")
    self.registrationGapDaysMax = try values.number("registration_gap_days_max", in: 0...90)
    self.validityMonths = try values.number("validity_months", in: 1...120)
    self.endorsementWindowMonths = try values.number("endorsement_window_months", in: 1...12)
    self.endorsementOnAnniversary = try values.flag("endorsement_on_anniversary")
    self.endorsementRollsPastHolidays = try values.flag("endorsement_rolls_past_holidays")
    self.lateAnchor = try values.choice("late_anchor")
    self.conversionTakesSuspended = try values.flag("conversion_takes_suspended")
    self.guardianRequiredUnderYears = try values.number(
      "guardian_required_under_years", in: 0...18)
    self.guardianYearsMin = try values.number("guardian_years_min", in: 18...30)
    self.slipInPersonIn = try values.divisions("slip_in_person_in")
    self.changeReportDays = try values.number("change_report_days", in: 1...60)
    self.faceCheckMinutes = try values.number("face_check_minutes", in: 1...30)
    self.presentationSeconds = try values.number("presentation_seconds", in: 10...60)
    self.reviewDays = try values.number("review_days", in: 1...365)
    self.litigationMonths = try values.number("litigation_months", in: 1...24)
    self.certificateType = try values.certificateType("certificate_type")
    self.clocks = try ClockSettings(&values)
    self.materials = try MaterialSettings(&values)
    self.greenChannel = try GreenChannelSettings(&values)
    self.inspections = try InspectionSettings(&values)
    self.grounds = try values.finish()
  }

  /// A term of a kind of application: its own, or the region's where it has none.
  public func days(_ clock: CaseClock, of kind: ApplicationKind) -> Int {
    if let own = self.kinds.kinds[kind]?.clocks[clock] { return own }
    return switch clock {
    case .guarding: self.guardWorkingDays
    case .warning: self.acceptanceWarningWorkingDays
    case .promise: self.promiseWorkingDays
    case .statute: self.statuteDays
    }
  }

  /// The article or page that a term of a kind rests on: its own, or the region's.
  public func ground(of clock: CaseClock, _ kind: ApplicationKind) -> String {
    let key =
      switch clock {
      case .guarding: "guard_working_days"
      case .warning: "acceptance_warning_working_days"
      case .promise: "promise_working_days"
      case .statute: "statute_days"
      }
    let own = self.kinds.kinds[kind]?.grounds["clock \(clock.rawValue)"]
    return own ?? self.grounds[key] ?? ""
  }

  /// The day a permit issued on a day is valid to.
  public func validTo(issuedOn date: CivilDate) -> CivilDate {
    date.adding(months: self.validityMonths)
  }
}
