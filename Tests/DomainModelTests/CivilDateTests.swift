import DomainModel
import Testing

@Suite struct CivilDateTests {
  @Test func `every day number gives its date back`() {
    var expected = CivilDate.earliest
    for number in CivilDate.earliest.dayNumber...CivilDate.latest.dayNumber {
      let date = CivilDate(dayNumber: number)
      guard date == expected, date.dayNumber == number else {
        Issue.record("day \(number) is \(date), not \(expected)")
        return
      }
      expected =
        CivilDate(year: date.year, month: date.month, day: date.day + 1)
        ?? CivilDate(year: date.year, month: date.month + 1, day: 1)
        ?? CivilDate(year: date.year + 1, month: 1, day: 1) ?? .latest
    }
    #expect(day("1970-01-01").dayNumber == 0)
    #expect(day("2000-03-01").dayNumber == 11_017)
  }

  @Test(arguments: [
    ("2026-11-20", Weekday.friday), ("2024-02-29", .thursday), ("1970-01-01", .thursday),
    ("1969-12-28", .sunday), ("2026-02-28", .saturday),
  ])
  func `knows the weekday`(text: String, weekday: Weekday) {
    #expect(day(text).weekday == weekday)
  }

  @Test(arguments: [
    "2025-02-29", "2025-13-01", "2025-00-10", "2025-01-00", "2025-04-31", "0000-01-01",
    "2025-1-1", "2025/01/01", " 2025-01-01", "2025-01-01 ", "", "２０２５-01-01", "-025-01-01",
    "2025-01-0a",
  ])
  func `refuses what is no date`(text: String) {
    #expect(CivilDate(iso: text) == nil)
  }

  @Test(arguments: [
    ("2025-08-31", 6, "2026-02-28"), ("2023-08-31", 6, "2024-02-29"),
    ("2025-01-31", 1, "2025-02-28"), ("2025-12-15", 1, "2026-01-15"),
    ("2026-03-31", -1, "2026-02-28"), ("2024-03-31", -1, "2024-02-29"),
    ("2026-01-15", -1, "2025-12-15"), ("2024-02-29", 12, "2025-02-28"),
    ("2024-02-29", 48, "2028-02-29"), ("9999-12-01", 1, "9999-12-31"),
    ("0001-01-15", -1, "0001-01-01"), ("2025-06-30", 0, "2025-06-30"),
  ])
  func `counts months to the corresponding day or the month's last`(
    start: String, months: Int, end: String
  ) {
    #expect(day(start).adding(months: months) == day(end))
  }

  @Test func `stops at the ends of its range`() {
    #expect(day("2025-01-01").adding(days: .max) == .latest)
    #expect(day("2025-01-01").adding(days: .min) == .earliest)
    #expect(day("2025-01-01").adding(months: .max) == .latest)
    #expect(day("2025-01-01").adding(years: .min) == .earliest)
    #expect(CivilDate(of: Timestamp(milliseconds: .max)) == .latest)
    #expect(CivilDate(of: Timestamp(milliseconds: .min)) == .earliest)
  }

  @Test(arguments: [
    ("2010-03-10", "2026-03-09", 15), ("2010-03-10", "2026-03-10", 16),
    ("2012-02-29", "2026-02-27", 13), ("2012-02-29", "2026-02-28", 14),
    ("2026-03-10", "2026-03-10", 0), ("2026-03-10", "2020-01-01", 0),
    ("1949-12-31", "2026-11-20", 76),
  ])
  func `counts full years of age`(birth: String, today: String, age: Int) {
    #expect(day(birth).completedYears(until: day(today)) == age)
  }

  @Test(arguments: [
    (1_767_196_799_999, "2025-12-31", "2025-12-31 23:59:59"),
    (1_767_196_800_000, "2026-01-01", "2026-01-01 00:00:00"),
    (0, "1970-01-01", "1970-01-01 08:00:00"),
    (-28_800_001, "1969-12-31", "1969-12-31 23:59:59"),
  ])
  func `places an instant in the day of Shanghai`(ms: Int64, date: String, text: String) {
    let instant = Timestamp(milliseconds: ms)
    #expect(CivilDate(of: instant) == day(date))
    #expect(instant.shanghaiText == text)
    #expect(CivilDate(of: instant).startOfDay <= instant)
    #expect(instant < CivilDate(of: instant).endOfDay)
  }

  @Test func `a day ends where the next begins`() {
    #expect(day("2026-02-28").endOfDay == day("2026-03-01").startOfDay)
    #expect(day("2026-01-01").startOfDay.milliseconds == 1_767_196_800_000)
    #expect(day("2026-03-01").chinese == "2026年3月1日")
  }
}
