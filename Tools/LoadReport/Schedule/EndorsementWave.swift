/// The endorsements a year after a mass launch: all permits of one day of issue may be endorsed in
/// the month before its anniversary (浙江省流动人口居住登记条例 Art. 19), so they come in three
/// swells: on the day the window opens, because a text says so; in the days before it closes,
/// because another text says so; and at the cliff, the last day. Each day is a hump of office
/// hours. Days are told in seconds.
package struct EndorsementWave: ShapeParameters {
  /// Calls a second at night, and of everything that is no endorsement.
  package var basePerS: Double
  /// Calls a second at the peak of the day on which the window opens; each later day has half of
  /// what the day before had above the base.
  package var openingPerS: Double
  /// Calls a second at the peak of the last day; each earlier day has half of it above the base.
  package var cliffPerS: Double
  /// How many days the window is open, the first and the last included; a whole number.
  package var days: Int
  /// How long one day is told, in seconds.
  package var secondsPerDay: Double

  /// How few days make a wave, and how many a month has at most, with both of its ends.
  package static let daysRange = 2...32

  /// Such a wave; after its last day follows one of the base alone.
  package init(
    basePerS: Double, openingPerS: Double, cliffPerS: Double, days: Int = 29,
    secondsPerDay: Double = 4
  ) {
    self.basePerS = basePerS
    self.openingPerS = openingPerS
    self.cliffPerS = cliffPerS
    self.days = days
    self.secondsPerDay = secondsPerDay
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case basePerS = "base_per_s"
    case openingPerS = "opening_per_s"
    case cliffPerS = "cliff_per_s"
    case days
    case secondsPerDay = "seconds_per_day"
  }

  /// Reads one. A number of days that is not whole is told as such; a decoder of JSON would only
  /// say that the whole text is none.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let days = try container.decode(Double.self, forKey: .days)
    guard let whole = Int(exactly: days) else {
      throw ScheduleError(reasons: ["days is \(Figure.plain(days)); it must be a whole number"])
    }
    self.init(
      basePerS: try container.decode(Double.self, forKey: .basePerS),
      openingPerS: try container.decode(Double.self, forKey: .openingPerS),
      cliffPerS: try container.decode(Double.self, forKey: .cliffPerS), days: whole,
      secondsPerDay: try container.decode(Double.self, forKey: .secondsPerDay))
  }

  static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }

  var limits: [ParameterLimit] {
    let (fewest, most) = (Double(Self.daysRange.lowerBound), Double(Self.daysRange.upperBound))
    return [
      .rate("base_per_s", self.basePerS), .rate("opening_per_s", self.openingPerS),
      .rate("cliff_per_s", self.cliffPerS),
      ParameterLimit(key: "days", value: Double(self.days), range: fewest...most),
      .seconds("seconds_per_day", self.secondsPerDay),
    ]
  }

  /// The rate at the peak of a day, counted from 0.
  func peakPerS(ofDay day: Int) -> Double {
    let opening = max(0, self.openingPerS - self.basePerS) / Double(1 << day)
    let cliff = max(0, self.cliffPerS - self.basePerS) / Double(1 << (self.days - 1 - day))
    return self.basePerS + max(opening, cliff)
  }

  var segments: [RateSegment] {
    let hour = self.secondsPerDay / 24
    let days = (0..<self.days).flatMap { day -> [RateSegment] in
      let peak = self.peakPerS(ofDay: day)
      return [
        .flat(self.basePerS, seconds: 9 * hour),
        RateSegment(seconds: hour, fromPerS: self.basePerS, toPerS: peak),
        RateSegment(seconds: 8 * hour, fromPerS: peak, toPerS: self.basePerS),
        .flat(self.basePerS, seconds: 6 * hour),
      ]
    }
    return days + [.flat(self.basePerS, seconds: self.secondsPerDay)]
  }
}
