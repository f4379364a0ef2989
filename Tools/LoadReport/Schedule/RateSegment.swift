/// A stretch of time over which the rate goes straight from one value to another.
struct RateSegment: Hashable, Sendable {
  /// How long it lasts, in seconds.
  var seconds: Double
  /// The rate at its beginning, in calls a second.
  var fromPerS: Double
  /// The rate at its end, in calls a second.
  var toPerS: Double

  /// A stretch at one rate.
  static func flat(_ perS: Double, seconds: Double) -> RateSegment {
    RateSegment(seconds: seconds, fromPerS: perS, toPerS: perS)
  }

  /// How many calls are to start in it.
  var arrivals: Double { (self.fromPerS + self.toPerS) / 2 * self.seconds }

  /// When, in seconds from its beginning, so many calls were to start.
  ///
  /// With a rate of a + bt so many are at + bt²/2; solved in the form that neither divides by a
  /// slope of zero nor takes two nearly equal numbers from each other.
  func seconds(atArrival arrival: Double) -> Double {
    if arrival <= 0 { return 0 }
    let slope = (self.toPerS - self.fromPerS) / self.seconds
    let root = max(0, self.fromPerS * self.fromPerS + 2 * slope * arrival).squareRoot()
    return min(self.seconds, 2 * arrival / (self.fromPerS + root))
  }

  /// The rate so many seconds after its beginning, in calls a second.
  func perS(atSeconds time: Double) -> Double {
    self.fromPerS + (self.toPerS - self.fromPerS) * time / self.seconds
  }
}
