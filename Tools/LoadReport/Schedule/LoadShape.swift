/// How the rate of calls goes over time, as a scenario says it.
package enum LoadShape: Hashable, Sendable {
  /// One rate throughout.
  case constant(ConstantRate)
  /// Several rates, one after another.
  case steps(RateSteps)
  /// A rate that rises or falls evenly.
  case ramp(RateRamp)
  /// The first working day after a holiday, at 09:00.
  case firstMorning(FirstMorning)
  /// The endorsements that fall due a year after a mass launch.
  case endorsementWave(EndorsementWave)

  /// The word for it under `kind` in a scenario.
  package var kind: String {
    switch self {
    case .constant: "constant"
    case .steps: "steps"
    case .ramp: "ramp"
    case .firstMorning: "first_morning"
    case .endorsementWave: "endorsement_wave"
    }
  }

  var parameters: any ShapeParameters {
    switch self {
    case .constant(let shape): shape
    case .steps(let shape): shape
    case .ramp(let shape): shape
    case .firstMorning(let shape): shape
    case .endorsementWave(let shape): shape
    }
  }
}

/// What every shape says of itself.
protocol ShapeParameters: Hashable, Sendable, Codable {
  /// The keys of its parameters in a scenario.
  static var keys: [String] { get }
  /// Its parameters by key, each with what it may be.
  var limits: [ParameterLimit] { get }
  /// The curve that it means. Asked for only while all limits hold.
  var segments: [RateSegment] { get }
}

/// A parameter's value beside what it may be.
struct ParameterLimit {
  var key: String
  var value: Double
  var range: ClosedRange<Double>

  /// A rate in calls a second.
  static func rate(_ key: String, _ value: Double) -> ParameterLimit {
    ParameterLimit(key: key, value: value, range: 0...Schedule.ratePerSMax)
  }

  /// A time in seconds.
  static func seconds(_ key: String, _ value: Double) -> ParameterLimit {
    ParameterLimit(key: key, value: value, range: 0...Double(Schedule.secondsMax))
  }

  /// Why the value is refused; nil if it is not. A value that is no number is refused too.
  var refusal: String? {
    if self.range.contains(self.value) { return nil }
    let (low, high) = (Figure.plain(self.range.lowerBound), Figure.plain(self.range.upperBound))
    return "\(self.key) is \(Figure.plain(self.value)); it must be from \(low) to \(high)"
  }
}
