/// The first working day after a holiday, on which everybody comes at 09:00: a trickle before, a
/// steep rise as the offices open, a while at the peak, and a queue that empties as queues do,
/// quickly at first. Hours may be told as minutes: the shape is what matters.
package struct FirstMorning: ShapeParameters {
  /// Calls a second before 09:00 and when all is over.
  package var basePerS: Double
  /// Calls a second at the peak.
  package var peakPerS: Double
  /// How long the quiet before 09:00 is, in seconds.
  package var secondsBefore: Double
  /// From 09:00 to the peak, in seconds.
  package var riseSeconds: Double
  /// How long the peak is held, in seconds.
  package var holdSeconds: Double
  /// From the peak back to the base, in seconds; in each quarter of it half of what is above the
  /// base goes, in the last one the rest.
  package var fallSeconds: Double
  /// How long the quiet afterwards is, in seconds: whether the system comes back to itself.
  package var secondsAfter: Double

  /// Such a morning.
  package init(
    basePerS: Double, peakPerS: Double, secondsBefore: Double = 10, riseSeconds: Double = 2,
    holdSeconds: Double = 20, fallSeconds: Double = 40, secondsAfter: Double = 10
  ) {
    self.basePerS = basePerS
    self.peakPerS = peakPerS
    self.secondsBefore = secondsBefore
    self.riseSeconds = riseSeconds
    self.holdSeconds = holdSeconds
    self.fallSeconds = fallSeconds
    self.secondsAfter = secondsAfter
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case basePerS = "base_per_s"
    case peakPerS = "peak_per_s"
    case secondsBefore = "seconds_before"
    case riseSeconds = "rise_seconds"
    case holdSeconds = "hold_seconds"
    case fallSeconds = "fall_seconds"
    case secondsAfter = "seconds_after"
  }

  static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }

  var limits: [ParameterLimit] {
    [
      .rate("base_per_s", self.basePerS), .rate("peak_per_s", self.peakPerS),
      .seconds("seconds_before", self.secondsBefore), .seconds("rise_seconds", self.riseSeconds),
      .seconds("hold_seconds", self.holdSeconds), .seconds("fall_seconds", self.fallSeconds),
      .seconds("seconds_after", self.secondsAfter),
    ]
  }

  var segments: [RateSegment] {
    let excess = [1, 0.5, 0.25, 0.125, 0].map {
      self.basePerS + (self.peakPerS - self.basePerS) * $0
    }
    let fall = zip(excess, excess.dropFirst()).map {
      RateSegment(seconds: self.fallSeconds / 4, fromPerS: $0, toPerS: $1)
    }
    return [
      .flat(self.basePerS, seconds: self.secondsBefore),
      RateSegment(seconds: self.riseSeconds, fromPerS: self.basePerS, toPerS: self.peakPerS),
      .flat(self.peakPerS, seconds: self.holdSeconds),
    ] + fall + [.flat(self.basePerS, seconds: self.secondsAfter)]
  }
}
