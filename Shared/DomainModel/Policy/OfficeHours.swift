/// When offices work: the same hours on every working day.
public struct OfficeHours: Hashable, Sendable {
  /// A part of a working day, in minutes after midnight in Asia/Shanghai.
  public struct Span: Hashable, Sendable {
    /// When it begins.
    public let opens: Int
    /// When it ends, after `opens`.
    public let closes: Int
  }

  /// In their order, none over another; at least one.
  public let spans: [Span]

  /// The instant at which so many minutes of office hours have passed since another instant. Days
  /// off count for nothing; a day whose arrangement is not published counts by law.
  public func instant(
    after start: Timestamp, minutes: Int, in calendar: WorkingDayCalendar
  ) -> Timestamp {
    var left = Int64(minutes) * 60_000
    var date = CivilDate(of: start)
    while date < .latest {
      if calendar.isWorkingDay(date) {
        for span in self.spans {
          let opens = date.startOfDay.adding(milliseconds: Int64(span.opens) * 60_000)
          let closes = date.startOfDay.adding(milliseconds: Int64(span.closes) * 60_000)
          let from = max(opens, start)
          if from >= closes { continue }
          let there = closes.milliseconds - from.milliseconds
          if left <= there { return from.adding(milliseconds: left) }
          left -= there
        }
      }
      date = date.adding(days: 1)
    }
    return CivilDate.latest.endOfDay
  }
}

/// What a region's policy says of the green channel (绿色通道) for those who need a permit urgently.
public struct GreenChannelSettings: Hashable, Sendable {
  /// The catalogue of reasons; none where the region has no green channel.
  public let reasons: Set<String>
  /// Within how many office hours such a case is to be decided.
  public let officeHours: Int
  /// When offices work.
  public let hours: OfficeHours

  /// Reads its settings among those of the region.
  init(_ values: inout SettingReader) throws(PolicyFileError) {
    self.reasons = try values.reasons("green_channel_reasons")
    self.officeHours = try values.number("green_channel_office_hours", in: 1...40)
    self.hours = try values.officeHours("office_hours")
  }
}
