/// One rate throughout.
package struct ConstantRate: ShapeParameters {
  /// Calls a second.
  package var ratePerS: Double
  /// How long, in seconds.
  package var seconds: Double

  /// A rate for so many seconds.
  package init(ratePerS: Double, seconds: Double) {
    self.ratePerS = ratePerS
    self.seconds = seconds
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case ratePerS = "rate_per_s"
    case seconds
  }

  static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }

  var limits: [ParameterLimit] {
    [.rate("rate_per_s", self.ratePerS), .seconds("seconds", self.seconds)]
  }

  var segments: [RateSegment] { [.flat(self.ratePerS, seconds: self.seconds)] }
}

/// Several rates, one after another, each for the same time.
package struct RateSteps: ShapeParameters {
  /// How many steps there may be.
  package static let stepsMax = 100
  /// Calls a second of each step.
  package var ratesPerS: [Double]
  /// How long each lasts, in seconds.
  package var secondsEach: Double

  /// Rates that last so many seconds each.
  package init(ratesPerS: [Double], secondsEach: Double) {
    self.ratesPerS = ratesPerS
    self.secondsEach = secondsEach
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case ratesPerS = "rates_per_s"
    case secondsEach = "seconds_each"
  }

  static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }

  var limits: [ParameterLimit] {
    let count = ParameterLimit(
      key: "the count of rates_per_s", value: Double(self.ratesPerS.count),
      range: 1...Double(Self.stepsMax))
    let rates = self.ratesPerS.prefix(Self.stepsMax).map { ParameterLimit.rate("rates_per_s", $0) }
    return [count] + rates + [.seconds("seconds_each", self.secondsEach)]
  }

  var segments: [RateSegment] { self.ratesPerS.map { .flat($0, seconds: self.secondsEach) } }
}

/// A rate that goes evenly from one value to another.
package struct RateRamp: ShapeParameters {
  /// Calls a second at the beginning.
  package var fromPerS: Double
  /// Calls a second at the end.
  package var toPerS: Double
  /// How long it takes, in seconds.
  package var seconds: Double

  /// A ramp from one rate to another.
  package init(fromPerS: Double, toPerS: Double, seconds: Double) {
    self.fromPerS = fromPerS
    self.toPerS = toPerS
    self.seconds = seconds
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case fromPerS = "from_per_s"
    case toPerS = "to_per_s"
    case seconds
  }

  static var keys: [String] { CodingKeys.allCases.map(\.rawValue) }

  var limits: [ParameterLimit] {
    [
      .rate("from_per_s", self.fromPerS), .rate("to_per_s", self.toPerS),
      .seconds("seconds", self.seconds),
    ]
  }

  var segments: [RateSegment] {
    [RateSegment(seconds: self.seconds, fromPerS: self.fromPerS, toPerS: self.toPerS)]
  }
}
