/// Hours of the day, in Asia/Shanghai, in which somebody is not to be disturbed.
public struct QuietHours: Hashable, Sendable {
  /// The first quiet minute of the day, 0 to 1439.
  public let fromMinute: Int
  /// The first minute that is not quiet any more, 0 to 1439; before `fromMinute` where the night lies
  /// between.
  public let toMinute: Int

  /// How many minutes a day has.
  public static let minutesOfDay = 1_440

  /// Quiet hours; nil unless both are minutes of a day and differ.
  public init?(fromMinute: Int, toMinute: Int) {
    let minutes = 0..<Self.minutesOfDay
    guard minutes.contains(fromMinute), minutes.contains(toMinute), fromMinute != toMinute else {
      return nil
    }
    self.fromMinute = fromMinute
    self.toMinute = toMinute
  }

  /// Quiet hours written as `21:00-08:00`; nil for anything else.
  public init?(_ text: String) {
    let minutes = text.split(separator: "-", omittingEmptySubsequences: false).map(Self.minute)
    guard minutes.count == 2, let from = minutes[0], let to = minutes[1] else { return nil }
    self.init(fromMinute: from, toMinute: to)
  }

  private static func minute(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
      let hour = decimal(parts[0].utf8), let minute = decimal(parts[1].utf8), hour < 24, minute < 60
    else { return nil }
    return hour * 60 + minute
  }

  /// The end of the quiet hours that an instant falls into; nil where it falls into none.
  public func end(at instant: Timestamp) -> Timestamp? {
    let day = CivilDate(of: instant)
    let minute = Int((instant.milliseconds - day.startOfDay.milliseconds) / 60_000)
    let to = Int64(self.toMinute) * 60_000
    if minute < self.toMinute {
      let isQuiet = self.fromMinute > self.toMinute || minute >= self.fromMinute
      return isQuiet ? day.startOfDay.adding(milliseconds: to) : nil
    }
    guard self.fromMinute > self.toMinute, minute >= self.fromMinute else { return nil }
    return day.endOfDay.adding(milliseconds: to)
  }
}
