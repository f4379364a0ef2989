/// Which days are working days (工作日): the State Council's yearly arrangements as data.
///
/// Inside its coverage the calendar knows every day. Outside, it knows Monday to Friday less the
/// statutory days, and whatever is found there is *provisional*: the arrangement of that year will
/// move days. Law: 全国年节及纪念日放假办法; Administrative Licence Law, Art. 82.
public struct WorkingDayCalendar: Sendable {
  /// What a day is.
  public enum Day: Hashable, Sendable {
    /// Monday to Friday.
    case working
    /// A Saturday or Sunday worked in exchange for a day of the named holiday (调休).
    case makeUp(holiday: String)
    /// Saturday or Sunday.
    case weekend
    /// A day off for the named holiday.
    case holiday(String)

    /// Whether public bodies work on it.
    public var isWorking: Bool {
      switch self {
      case .working, .makeUp: true
      case .weekend, .holiday: false
      }
    }
  }

  /// Which edition of the data this is.
  public let version: String
  /// Where the data comes from.
  public let source: String
  /// The first and last day whose arrangement is published.
  public let coverage: ClosedRange<CivilDate>

  private let published: [CivilDate: Day]
  private let statutory: [CivilDate: String]
  private let yearly: [MonthDay: String]

  /// Reads `calendar.tsv`; its README describes the form. Throws `PolicyFileError`.
  public init(text: String, file: String = "calendar.tsv") throws(PolicyFileError) {
    var draft = Draft(file: PolicyFile(name: file, text: text))
    for row in draft.file.rows { try draft.take(row) }
    guard let version = draft.version, let source = draft.source, let coverage = draft.coverage
    else { throw draft.file.error("version, source or coverage is missing") }
    for (date, line) in draft.lines where draft.published[date] != nil {
      if !coverage.contains(date) {
        throw PolicyFileError(file: file, line: line, reason: "\(date) is outside the coverage")
      }
    }
    for (date, line) in draft.lines where draft.statutory[date] != nil {
      if coverage.contains(date) {
        throw PolicyFileError(file: file, line: line, reason: "\(date) is inside the coverage")
      }
    }
    self.version = version
    self.source = source
    self.coverage = coverage
    self.published = draft.published
    self.statutory = draft.statutory
    self.yearly = draft.yearly
  }

  /// What a day is.
  public func day(_ date: CivilDate) -> Day {
    if let known = self.published[date] { return known }
    if !self.isPublished(date) {
      let name = self.statutory[date] ?? self.yearly[MonthDay(date)]
      if let name { return .holiday(name) }
    }
    return date.weekday.isWeekend ? .weekend : .working
  }

  /// Whether public bodies work on a day.
  public func isWorkingDay(_ date: CivilDate) -> Bool { self.day(date).isWorking }

  /// Whether the arrangement of a day's year is known.
  public func isPublished(_ date: CivilDate) -> Bool { self.coverage.contains(date) }
}

/// A day of any year.
private struct MonthDay: Hashable {
  var month: Int
  var day: Int

  init(_ date: CivilDate) {
    self.month = date.month
    self.day = date.day
  }
}

/// What has been read so far.
private struct Draft {
  let file: PolicyFile
  var version: String?
  var source: String?
  var coverage: ClosedRange<CivilDate>?
  var published: [CivilDate: WorkingDayCalendar.Day] = [:]
  var statutory: [CivilDate: String] = [:]
  var yearly: [MonthDay: String] = [:]
  var lines: [CivilDate: Int] = [:]

  mutating func take(_ row: PolicyRow) throws(PolicyFileError) {
    switch row.fields[0] {
    case "version":
      try row.require(fields: 2)
      self.version = try row.text(1, "version")
    case "source":
      try row.require(fields: 2)
      self.source = try row.text(1, "source")
    case "coverage":
      try row.require(fields: 3)
      let (first, last) = (try row.date(1, "first day"), try row.date(2, "last day"))
      guard first <= last else { throw row.error("the coverage ends before it begins") }
      self.coverage = first...last
    case "yearly":
      try row.require(fields: 3)
      // 2000 is a leap year, so that any month and day can be written.
      guard let date = CivilDate(iso: "2000-" + row.fields[1]) else {
        throw row.error("no month and day: \(row.fields[1])")
      }
      self.yearly[MonthDay(date)] = try row.text(2, "name")
    default:
      try self.takeDay(row)
    }
  }

  private mutating func takeDay(_ row: PolicyRow) throws(PolicyFileError) {
    try row.require(fields: 3)
    let date = try row.date(0, "day")
    let name = try row.text(2, "name")
    if let line = self.lines[date] { throw row.error("\(date) stands in line \(line) already") }
    self.lines[date] = row.line
    switch row.fields[1] {
    case "off": self.published[date] = .holiday(name)
    case "work":
      guard date.weekday.isWeekend else { throw row.error("\(date) is worked anyway") }
      self.published[date] = .makeUp(holiday: name)
    case "statutory": self.statutory[date] = name
    default: throw row.error("a day is off, work or statutory, not \(row.fields[1])")
    }
  }
}
