import DomainModel

/// How much of one thing a number has got in the window of the clock that an instant falls into.
struct Use: Hashable, Sendable {
  /// What is counted, such as `day reminder`.
  let name: String
  let windowStart: Timestamp
  let windowEnd: Timestamp
  /// How many the window takes.
  let max: Int

  /// A window of so many milliseconds of the clock.
  init(_ name: String, at instant: Timestamp, windowMs: Int64, max: Int) {
    let start = instant.milliseconds - instant.milliseconds % windowMs
    self.name = name
    self.windowStart = Timestamp(milliseconds: start)
    self.windowEnd = Timestamp(milliseconds: start + windowMs)
    self.max = max
  }

  /// A day of Asia/Shanghai.
  init(_ name: String, onDayOf instant: Timestamp, max: Int) {
    let day = CivilDate(of: instant)
    self.name = name
    self.windowStart = day.startOfDay
    self.windowEnd = day.endOfDay
    self.max = max
  }
}

/// How much one number gets: what providers would refuse (domain: providers' usual limits count by
/// windows of the clock, at submission).
struct SendingLimits: Hashable, Sendable {
  /// The same text to one number in one minute, and in one hour.
  var sameTextPerMinuteMax = 2
  var sameTextPerHourMax = 5

  /// What a message uses up at an instant. `text` names its text, and nothing else does.
  func uses(
    _ rules: MessageClasses.Rules, text: String, at instant: Timestamp
  ) -> [Use] {
    [
      Use(
        "day \(rules.messageClass.rawValue)", onDayOf: instant, max: rules.dailyMax),
      Use("minute \(text)", at: instant, windowMs: 60_000, max: self.sameTextPerMinuteMax),
      Use("hour \(text)", at: instant, windowMs: 3_600_000, max: self.sameTextPerHourMax),
    ]
  }
}

/// Whether a message may go to its recipient now.
enum Permission: Hashable, Sendable {
  case now
  case later(Timestamp)
  /// The recipient does not want it.
  case never

  /// The answer for a message; `used` says how much of each use its window has by now. Everything
  /// that stands against it is asked, so that it is not looked at again before all of it has passed.
  init(
    _ rules: MessageClasses.Rules, isStatutory: Bool, _ preferences: Preferences, _ uses: [Use],
    used: (Use) -> Int, at now: Timestamp
  ) {
    if preferences.refuses(rules.messageClass, isStatutory: isStatutory) {
      self = .never
      return
    }
    let ends =
      [rules.quietHours?.end(at: now), preferences.quietEnd(rules.messageClass, at: now)]
      + uses.map { used($0) >= $0.max ? $0.windowEnd : nil }
    self = ends.compactMap(\.self).max().map(Permission.later) ?? .now
  }
}
