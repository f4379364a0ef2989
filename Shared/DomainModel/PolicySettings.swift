/// A region's policy: the numbers and switches that its rules leave open. A case keeps the version
/// it was opened under.
public struct PolicySettings: Hashable, Sendable {
  /// From what day a late endorsement's new year runs.
  public enum LateAnchor: String, Hashable, Sendable, CaseIterable {
    /// From the day of the late endorsement.
    case endorsement
    /// From the permit's issue, as if it had been in time.
    case issue
  }

  /// Which edition of the policy this is.
  public let version: String
  /// The six-digit code of the region.
  public let region: String
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
  /// Months of registered residence before a first permit.
  public let halfYearMonths: Int
  /// Whether one is eligible on the corresponding day itself, not only on the day after.
  public let isEligibleOnDayItself: Bool
  /// The longest gap, in days, that does not break continuous registration.
  public let registrationGapDaysMax: Int
  /// Months from issue to the day a permit is valid to.
  public let validityMonths: Int
  /// Months before an anniversary in which it can be endorsed.
  public let endorsementWindowMonths: Int
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
  /// The article or page that each setting rests on, by its key.
  public let grounds: [String: String]

  /// Reads a region's file; its README describes the form. A key that is unknown, missing, repeated
  /// or out of its bounds is an error; the code has no defaults of its own. Throws
  /// `PolicyFileError`.
  public init(text: String, file: String = "zhejiang.tsv") throws(PolicyFileError) {
    var values = try SettingReader(file: PolicyFile(name: file, text: text))
    self.version = try values.text("version")
    self.region = try values.digits("region", count: 6)
    self.noticeVersion = try values.text("notice_version")
    self.promiseWorkingDays = try values.number("promise_working_days", in: 1...30)
    self.statuteDays = try values.number("statute_days", in: 1...30)
    self.statuteRollsPastHolidays = try values.flag("statute_rolls_past_holidays")
    self.guardWorkingDays = try values.number("guard_working_days", in: 1...30)
    self.acceptanceWarningWorkingDays = try values.number(
      "acceptance_warning_working_days", in: 1...30)
    self.supplementDays = try values.number("supplement_days", in: 1...180)
    self.draftDays = try values.number("draft_days", in: 1...365)
    self.halfYearMonths = try values.number("half_year_months", in: 0...24)
    self.isEligibleOnDayItself = try values.flag("eligible_on_day_itself")
    self.registrationGapDaysMax = try values.number("registration_gap_days_max", in: 0...90)
    self.validityMonths = try values.number("validity_months", in: 1...120)
    self.endorsementWindowMonths = try values.number("endorsement_window_months", in: 1...12)
    self.endorsementRollsPastHolidays = try values.flag("endorsement_rolls_past_holidays")
    self.lateAnchor = try values.choice("late_anchor")
    self.conversionTakesSuspended = try values.flag("conversion_takes_suspended")
    self.guardianRequiredUnderYears = try values.number(
      "guardian_required_under_years", in: 0...18)
    self.guardianYearsMin = try values.number("guardian_years_min", in: 18...30)
    self.changeReportDays = try values.number("change_report_days", in: 1...60)
    self.faceCheckMinutes = try values.number("face_check_minutes", in: 1...30)
    self.presentationSeconds = try values.number("presentation_seconds", in: 10...60)
    self.reviewDays = try values.number("review_days", in: 1...365)
    self.litigationMonths = try values.number("litigation_months", in: 1...24)
    self.certificateType = try values.certificateType("certificate_type")
    self.grounds = try values.finish()
  }

  /// The day a permit issued on a day is valid to.
  public func validTo(issuedOn date: CivilDate) -> CivilDate {
    date.adding(months: self.validityMonths)
  }
}

/// The lines of a policy while they are read: each key once, none left over.
private struct SettingReader {
  private let file: PolicyFile
  private var rows: [String: PolicyRow] = [:]
  private var grounds: [String: String] = [:]

  init(file: PolicyFile) throws(PolicyFileError) {
    self.file = file
    for row in file.rows {
      try row.require(fields: 3)
      let key = try row.text(0, "key")
      if let earlier = self.rows[key] { throw row.error("\(key) stands in line \(earlier.line)") }
      self.rows[key] = row
      self.grounds[key] = try row.text(2, "ground")
    }
  }

  private mutating func row(_ key: String) throws(PolicyFileError) -> PolicyRow {
    guard let row = self.rows.removeValue(forKey: key) else {
      throw self.file.error("\(key) is missing")
    }
    return row
  }

  mutating func text(_ key: String) throws(PolicyFileError) -> String {
    try self.row(key).text(1, key)
  }

  mutating func digits(_ key: String, count: Int) throws(PolicyFileError) -> String {
    try self.row(key).digits(1, key, count: count)
  }

  mutating func number(
    _ key: String, in bounds: ClosedRange<Int>
  ) throws(PolicyFileError) -> Int {
    let row = try self.row(key)
    let text = try row.text(1, key)
    guard let value = decimal(text.utf8), bounds.contains(value) else {
      throw row.error(
        "\(key) is a number from \(bounds.lowerBound) to \(bounds.upperBound), not \(text)")
    }
    return value
  }

  mutating func flag(_ key: String) throws(PolicyFileError) -> Bool {
    let row = try self.row(key)
    switch try row.text(1, key) {
    case "true": return true
    case "false": return false
    case let text: throw row.error("\(key) is true or false, not \(text)")
    }
  }

  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String
  ) throws(PolicyFileError) -> Choice where Choice.RawValue == String {
    let row = try self.row(key)
    let text = try row.text(1, key)
    guard let choice = Choice(rawValue: text) else {
      let all = Choice.allCases.map(\.rawValue).joined(separator: " or ")
      throw row.error("\(key) is \(all), not \(text)")
    }
    return choice
  }

  mutating func certificateType(_ key: String) throws(PolicyFileError) -> String {
    let row = try self.row(key)
    let text = try row.text(1, key)
    guard CertificateIdentifier.isType(text) else {
      throw row.error("\(key) is a credit code and three digits, not \(text)")
    }
    return text
  }

  /// The grounds of all settings; throws if a key was left over.
  func finish() throws(PolicyFileError) -> [String: String] {
    if let stranger = self.rows.values.min(by: { $0.line < $1.line }) {
      throw stranger.error("no such setting: \(stranger.fields[0])")
    }
    return self.grounds
  }
}
