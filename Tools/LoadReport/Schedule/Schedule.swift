/// When each call of a run is to start: an open loop, which asks at its rate whether or not the
/// system keeps up. It is a function of the call's number alone, so that workers can share it and
/// the same scenario always asks the same.
package struct Schedule: Hashable, Sendable {
  /// The highest rate, in calls a second.
  package static let ratePerSMax = 1_000_000.0
  /// The longest run, in seconds: an hour.
  package static let secondsMax = 3_600
  /// The most calls of one run.
  package static let arrivalsMax = 100_000_000

  /// What the scenario says.
  package let shape: LoadShape
  /// How many calls it asks for.
  package let arrivals: Int
  /// How long it lasts, in µs.
  package let durationUs: Int64
  private let curve: [Stretch]

  /// A segment with what came before it.
  private struct Stretch: Hashable {
    var segment: RateSegment
    var beganAtS: Double
    var arrivalsBefore: Double
  }

  /// A schedule of that shape; throws every reason why it cannot be.
  package init(_ shape: LoadShape) throws(ScheduleError) {
    let refusals = shape.parameters.limits.compactMap(\.refusal)
    guard refusals.isEmpty else { throw ScheduleError(reasons: refusals) }
    self.shape = shape
    var curve: [Stretch] = []
    var (time, arrivals) = (0.0, 0.0)
    for segment in shape.parameters.segments where segment.seconds > 0 {
      curve.append(Stretch(segment: segment, beganAtS: time, arrivalsBefore: arrivals))
      time += segment.seconds
      arrivals += segment.arrivals
    }
    self.curve = curve
    self.durationUs = Int64((time * 1_000_000).rounded())
    // Sums of fractions may be a hair above the whole number that they mean.
    self.arrivals = Int((arrivals - 1e-6 * max(1, arrivals * 1e-6)).rounded(.up))
    let reasons = Self.reasons(arrivals: arrivals, seconds: time)
    guard reasons.isEmpty else { throw ScheduleError(reasons: reasons) }
  }

  private static func reasons(arrivals: Double, seconds: Double) -> [String] {
    var reasons: [String] = []
    if seconds > Double(Self.secondsMax) + 1e-6 {
      reasons.append("it lasts \(Figure.plain(seconds)) s; at most \(Self.secondsMax) s")
    }
    if arrivals > Double(Self.arrivalsMax) {
      reasons.append("it asks for \(Figure.plain(arrivals)) calls; at most \(Self.arrivalsMax)")
    }
    if arrivals < 1 { reasons.append("it asks for no call at all") }
    return reasons
  }

  /// One rate throughout, such as a search for the knee tries.
  package static func constant(
    ratePerS: Double, seconds: Double
  ) throws(ScheduleError) -> Schedule {
    try Schedule(.constant(ConstantRate(ratePerS: ratePerS, seconds: seconds)))
  }

  /// When call number `index` (from 0) is to start, in µs since the run began; nil once the
  /// schedule is over, and for a negative number. Never falls as the number rises.
  package func startUs(of index: Int) -> Int64? {
    guard (0..<self.arrivals).contains(index) else { return nil }
    let wanted = Double(index)
    var (low, high) = (0, self.curve.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if self.curve[middle].arrivalsBefore <= wanted { low = middle } else { high = middle }
    }
    let stretch = self.curve[low]
    let within = stretch.segment.seconds(atArrival: wanted - stretch.arrivalsBefore)
    return Int64(((stretch.beganAtS + within) * 1_000_000).rounded())
  }

  /// The rate asked for at an instant, in calls a second; 0 before the beginning and at the end.
  package func ratePerS(atUs instant: Int64) -> Double {
    guard (0..<self.durationUs).contains(instant) else { return 0 }
    let time = Double(instant) / 1_000_000
    guard let stretch = self.curve.last(where: { $0.beganAtS <= time }) else { return 0 }
    return stretch.segment.perS(atSeconds: min(time - stretch.beganAtS, stretch.segment.seconds))
  }

  /// The rate's curve: between two corners it goes straight. Seconds since the beginning, and calls
  /// a second.
  var corners: [(seconds: Double, perS: Double)] {
    self.curve.flatMap { stretch in
      let (segment, began) = (stretch.segment, stretch.beganAtS)
      return [(began, segment.fromPerS), (began + segment.seconds, segment.toPerS)]
    }
  }

  /// The highest rate that it asks for, in calls a second.
  package var peakPerS: Double {
    self.curve.map { max($0.segment.fromPerS, $0.segment.toPerS) }.max() ?? 0
  }
}
