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

  /// Zhejiang's, from the texts of its files (`Services/Policy`). Throws what `text` throws, and
  /// `PolicyFileError` for a file that cannot be understood.
  public init(reading text: (_ file: String) throws -> String) throws {
    let divisions = try DivisionTable(text: text("divisions.tsv"))
    self.init(
      divisions: divisions,
      offices: try OfficeTable(text: text("offices.tsv"), divisions: divisions),
      calendar: try WorkingDayCalendar(text: text("calendar.tsv")),
      policy: try PolicySettings(text: text("zhejiang.tsv")))
  }
}
