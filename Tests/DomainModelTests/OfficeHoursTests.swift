import Testing

@testable import DomainModel

struct OfficeHoursTests {
  private let policy: PolicySettings
  private let calendar: WorkingDayCalendar

  init() throws {
    self.policy = try PolicySettings(text: policyText("zhejiang.tsv"))
    self.calendar = try WorkingDayCalendar(text: policyText("calendar.tsv"))
  }

  private func at(_ iso: String, _ time: String) throws -> Timestamp {
    let parts = time.split(separator: ":").compactMap { Int64($0) }
    let day = try #require(CivilDate(iso: iso))
    return day.startOfDay.adding(milliseconds: (parts[0] * 60 + parts[1]) * 60_000)
  }

  @Test(arguments: [
    // A Tuesday; the office is open 08:30-12:00 and 14:00-17:30.
    ("2026-03-10", "09:00", 120, "2026-03-10", "11:00"),
    ("2026-03-10", "11:00", 120, "2026-03-10", "15:00"),
    ("2026-03-10", "11:00", 60, "2026-03-10", "12:00"),
    ("2026-03-10", "12:30", 60, "2026-03-10", "15:00"),
    ("2026-03-10", "06:00", 60, "2026-03-10", "09:30"),
    ("2026-03-10", "17:00", 60, "2026-03-11", "09:00"),
    ("2026-03-10", "22:00", 60, "2026-03-11", "09:30"),
    // Over a weekend, and over the Spring Festival of 2026 (15 to 23 February).
    ("2026-03-13", "17:00", 60, "2026-03-16", "09:00"),
    ("2026-02-14", "17:00", 60, "2026-02-24", "09:00"),
    // Seven hours are a day.
    ("2026-03-10", "08:30", 420, "2026-03-10", "17:30"),
    ("2026-03-10", "08:30", 840, "2026-03-11", "17:30"),
  ])
  func `so many minutes of office hours end at`(
    _ day: String, _ time: String, _ minutes: Int, _ endDay: String, _ end: String
  ) throws {
    let start = try self.at(day, time)
    let found = self.policy.greenChannel.hours.instant(
      after: start, minutes: minutes, in: self.calendar)
    #expect(try found == self.at(endDay, end))
  }

  @Test func `a part of a minute is kept`() throws {
    let start = try self.at("2026-03-10", "11:59").adding(milliseconds: 59_999)
    let found = self.policy.greenChannel.hours.instant(after: start, minutes: 1, in: self.calendar)
    #expect(try found == self.at("2026-03-10", "14:00").adding(milliseconds: 59_999))
  }

  @Test(arguments: ["-", "08:30", "08:30-08:30", "09:00-12:00 11:00-14:00", "8-12", "08:30-24:01"])
  func `hours that are none stop the start`(_ hours: String) throws {
    let text = try policyText("zhejiang.tsv").replacing(
      "office_hours\t08:30-12:00 14:00-17:30\t", with: "office_hours\t\(hours)\t")
    #expect(throws: PolicyFileError.self) { try PolicySettings(text: text) }
  }

  @Test(arguments: ["medical,medical", "Medical", "heart attack"])
  func `a catalogue names each reason once, in small letters`(_ reasons: String) throws {
    let text = try policyText("zhejiang.tsv").replacing(
      "green_channel_reasons\tschooling", with: "green_channel_reasons\t\(reasons),schooling")
    #expect(throws: PolicyFileError.self) { try PolicySettings(text: text) }
  }
}
