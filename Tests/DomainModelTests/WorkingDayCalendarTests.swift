import DomainModel
import Testing

@Suite struct WorkingDayCalendarTests {
  private let calendar: WorkingDayCalendar

  init() throws {
    self.calendar = try WorkingDayCalendar(text: policyText("calendar.tsv"))
  }

  @Test func `says where it comes from and how far it reaches`() {
    #expect(self.calendar.coverage == day("2004-01-01")...day("2026-12-31"))
    #expect(self.calendar.source.contains("国务院办公厅"))
    #expect(!self.calendar.version.isEmpty)
  }

  @Test(arguments: [(2024, 251), (2025, 248), (2026, 248)])
  func `a year has its number of working days`(year: Int, count: Int) {
    let first = day("\(year)-01-01").dayNumber
    let last = day("\(year)-12-31").dayNumber
    let worked = (first...last).map(CivilDate.init(dayNumber:)).filter(self.calendar.isWorkingDay)
    #expect(worked.count == count)
  }

  @Test(arguments: [
    (2024, ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"]),
    (2025, ["01-26", "02-08", "04-27", "09-28", "10-11"]),
    (2026, ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]),
  ])
  func `weekends are worked where the arrangement says so`(year: Int, days: [String]) {
    let first = day("\(year)-01-01").dayNumber
    let last = day("\(year)-12-31").dayNumber
    let madeUp = (first...last).map(CivilDate.init(dayNumber:)).filter {
      if case .makeUp = self.calendar.day($0) { true } else { false }
    }
    #expect(madeUp.map(\.iso) == days.map { "\(year)-\($0)" })
    #expect(madeUp.allSatisfy(self.calendar.isWorkingDay))
  }

  @Test(arguments: [
    ("2026-01-01", "2026-01-03"), ("2026-02-15", "2026-02-23"), ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"), ("2026-06-19", "2026-06-21"), ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"), ("2025-01-28", "2025-02-04"), ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"), ("2024-02-10", "2024-02-17"), ("2024-06-08", "2024-06-10"),
    ("2024-09-15", "2024-09-17"),
  ])
  func `nobody works in a holiday`(first: String, last: String) {
    for number in day(first).dayNumber...day(last).dayNumber {
      #expect(!self.calendar.isWorkingDay(CivilDate(dayNumber: number)))
    }
  }

  @Test(arguments: [
    ("2026-02-12", "2026-02-14"), ("2026-02-13", "2026-02-24"), ("2026-02-14", "2026-02-25"),
    ("2026-04-30", "2026-05-07"), ("2026-05-08", "2026-05-11"), ("2026-09-18", "2026-09-21"),
    ("2026-09-24", "2026-09-29"), ("2026-09-30", "2026-10-09"), ("2026-11-20", "2026-11-24"),
    ("2026-12-29", "2026-12-31"), ("2025-01-24", "2025-01-27"), ("2025-09-26", "2025-09-29"),
    ("2025-09-30", "2025-10-10"), ("2024-02-08", "2024-02-18"), ("2024-09-13", "2024-09-18"),
    ("2026-01-01", "2026-01-05"), ("2026-02-20", "2026-02-25"),
  ])
  func `two working days after acceptance`(accepted: String, due: String) {
    let found = self.calendar.dueDate(after: day(accepted), workingDays: 2)
    #expect(found == DueDate(date: day(due), isProvisional: false))
    #expect(found.instant == day(due).endOfDay)
  }

  @Test(arguments: [
    ("2026-12-30", "2027-01-04"), ("2026-12-31", "2027-01-05"), ("2027-02-04", "2027-02-10"),
    ("2027-04-02", "2027-04-07"), ("2027-06-08", "2027-06-11"), ("2027-09-30", "2027-10-05"),
    ("2028-01-24", "2028-02-01"), ("2035-04-30", "2035-05-04"),
  ])
  func `a due date in an unpublished year is provisional`(accepted: String, due: String) {
    let found = self.calendar.dueDate(after: day(accepted), workingDays: 2)
    #expect(found == DueDate(date: day(due), isProvisional: true))
  }

  @Test(arguments: [
    ("2026-11-20", "2026-12-07"),  // the 15th day is Saturday 5 December
    ("2026-11-16", "2026-12-01"), ("2026-09-16", "2026-10-08"), ("2026-02-01", "2026-02-24"),
    ("2026-01-30", "2026-02-14"),  // a Saturday that is worked
  ])
  func `fifteen days roll past a holiday`(accepted: String, due: String) {
    let found = self.calendar.dueDate(
      after: day(accepted), calendarDays: 15, rollsPastHolidays: true)
    #expect(found == DueDate(date: day(due), isProvisional: false))
  }

  @Test func `fifteen days stand where the policy says so`() {
    let found = self.calendar.dueDate(
      after: day("2026-11-20"), calendarDays: 15, rollsPastHolidays: false)
    #expect(found == DueDate(date: day("2026-12-05"), isProvisional: false))
  }

  @Test func `only a last day that could move is provisional`() {
    let found = self.calendar.dueDate(
      after: day("2026-12-20"), calendarDays: 15, rollsPastHolidays: true)
    #expect(found == DueDate(date: day("2027-01-04"), isProvisional: true))
    let fixed = self.calendar.dueDate(
      after: day("2026-12-20"), calendarDays: 15, rollsPastHolidays: false)
    #expect(fixed == DueDate(date: day("2027-01-04"), isProvisional: false))
  }

  @Test func `paused days are not counted`() throws {
    // Accepted on Monday, stopped on Tuesday, resumed on Thursday: Thursday and Friday count.
    let pause = try #require(Pause(stoppedOn: day("2026-11-17"), resumedOn: day("2026-11-19")))
    let promise = self.calendar.dueDate(
      after: day("2026-11-16"), workingDays: 2, pauses: [pause])
    #expect(promise.date == day("2026-11-20"))
    let statute = self.calendar.dueDate(
      after: day("2026-11-16"), calendarDays: 15, rollsPastHolidays: true, pauses: [pause])
    #expect(statute.date == day("2026-12-03"))
    #expect(Pause(stoppedOn: day("2026-11-19"), resumedOn: day("2026-11-17")) == nil)
  }

  @Test func `counting ends with the calendar`() {
    let found = self.calendar.dueDate(after: day("9999-12-30"), workingDays: 10)
    #expect(found == DueDate(date: .latest, isProvisional: true))
  }

  @Test(arguments: [
    ("2026-01-01\toff", "calendar.tsv:4: 2 fields where 3 are wanted"),
    ("2026-02-30\toff\t元旦", "calendar.tsv:4: day is no date: 2026-02-30"),
    ("2026-01-01\tfree\t元旦", "calendar.tsv:4: a day is off, work or statutory, not free"),
    ("2026-01-05\twork\t元旦", "calendar.tsv:4: 2026-01-05 is worked anyway"),
    ("2026-01-01\toff\t", "calendar.tsv:4: name is missing"),
    ("2027-01-01\toff\t元旦", "calendar.tsv:4: 2027-01-01 is outside the coverage"),
    ("2026-01-01\tstatutory\t元旦", "calendar.tsv:4: 2026-01-01 is inside the coverage"),
    ("yearly\t02-30\t元旦", "calendar.tsv:4: no month and day: 02-30"),
    (
      "\n2026-01-01\toff\ta\n2026-01-01\toff\tb",
      "calendar.tsv:6: 2026-01-01 stands in line 5 already"
    ),
    ("coverage\t2027-01-01\t2026-01-01", "calendar.tsv:4: the coverage ends before it begins"),
  ])
  func `refuses a bad file and says where`(line: String, error: String) {
    let text = "version\t1\nsource\ts\ncoverage\t2026-01-01\t2026-12-31\n" + line
    let thrown = #expect(throws: PolicyFileError.self) { try WorkingDayCalendar(text: text) }
    #expect(thrown?.description == error)
  }

  @Test func `refuses a file without coverage`() {
    let thrown = #expect(throws: PolicyFileError.self) {
      try WorkingDayCalendar(text: "version\t1\r\nsource\ts\r\n")
    }
    #expect(thrown?.description == "calendar.tsv:0: version, source or coverage is missing")
  }
}
