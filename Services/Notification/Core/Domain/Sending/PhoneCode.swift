import DomainModel

/// A code by which somebody proves that a number is at hand.
struct PhoneCode: Hashable, Sendable {
  /// Six digits.
  let text: String
  let validTo: Timestamp

  /// How long one counts, in minutes.
  static let minutes: Int64 = 5
  /// How often one may be tried.
  static let triesMax = 5
  /// How many persons may have proved the same number: a family shares one.
  static let sharedMax = 5

  /// A code that is sent at `now`. `random` is any number.
  init(at now: Timestamp, random: UInt64) {
    let digits = String(random % 1_000_000)
    self.text = String(repeating: "0", count: 6 - digits.utf8.count) + digits
    self.validTo = now.adding(milliseconds: Self.minutes * 60_000)
  }

  /// How many one number gets: one a minute, 5 an hour, 10 a day (providers' usual bounds for
  /// codes).
  static func uses(at now: Timestamp) -> [Use] {
    [
      Use("codes minute", at: now, windowMs: 60_000, max: 1),
      Use("codes hour", at: now, windowMs: 3_600_000, max: 5),
      Use("codes day", onDayOf: now, max: 10),
    ]
  }
}
