/// The data of a region that rules go by.
public struct RegionRules: Sendable {
  /// The divisions and residence units.
  public var divisions: DivisionTable
  /// The offices, by which applications are routed and rows are reached.
  public var offices: OfficeTable
  /// The working days.
  public var calendar: WorkingDayCalendar
  /// The policy in force.
  public var policy: PolicySettings
  /// The notices of step 1.
  public var notices = NoticeTable()

  /// All of it.
  public init(
    divisions: DivisionTable, offices: OfficeTable, calendar: WorkingDayCalendar,
    policy: PolicySettings
  ) {
    self.divisions = divisions
    self.offices = offices
    self.calendar = calendar
    self.policy = policy
  }

  /// The region that is meant where none is named.
  public static let defaultRegion = "zhejiang"

  /// A region's, from the texts of its files (`Services/Policy`): its policy is `<region>.tsv`, and
  /// what of the divisions and offices is its own follows from that. Throws what `text` throws, and
  /// `PolicyFileError` for a file that cannot be understood.
  public init(
    of region: String = Self.defaultRegion, reading text: (_ file: String) throws -> String
  ) throws {
    let file = "\(region).tsv"
    let policy = try PolicySettings(text: text(file), file: file)
    let divisions = try DivisionTable(
      text: text("divisions.tsv"), region: policy.region, unit: policy.residenceUnit)
    self.init(
      divisions: divisions,
      offices: try OfficeTable(text: text("offices.tsv"), divisions: divisions),
      calendar: try WorkingDayCalendar(text: text("calendar.tsv")), policy: policy)
    self.notices = try NoticeTable(text: text("notices.tsv"))
  }
}
