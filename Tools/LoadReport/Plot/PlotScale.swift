internal import Glibc

/// Where values lie along an axis.
struct PlotScale {
  /// How values are spread: evenly, or each power of ten as wide as the next.
  enum Spread { case even, logarithmic }

  let low: Double
  let high: Double
  let spread: Spread

  /// A scale from a value to a larger one; a logarithmic one begins above 0.
  init(_ low: Double, _ high: Double, _ spread: Spread) {
    precondition(low < high && (spread == .even || low > 0), "a scale rises")
    self.low = low
    self.high = high
    self.spread = spread
  }

  /// From 0 at the scale's beginning to 1 at its end; what lies outside is put on the nearest end.
  func position(_ value: Double) -> Double {
    let inside = min(max(value, self.low), self.high)
    return switch self.spread {
    case .even: (inside - self.low) / (self.high - self.low)
    case .logarithmic: log(inside / self.low) / log(self.high / self.low)
    }
  }

  /// Latencies in µs from the power of ten below the shortest to the one above the longest.
  static func latencies(from shortestUs: Int64, to longestUs: Int64) -> PlotScale {
    let low = pow(10, floor(log10(Double(max(1, shortestUs)))))
    var high = pow(10, ceil(log10(Double(max(1, longestUs)))))
    if high <= low { high = low * 10 }
    return PlotScale(low, high, .logarithmic)
  }

  /// The powers of ten on a logarithmic scale; on one of few powers their doubles and fives too.
  var decades: [Double] {
    let isShort = self.high / self.low < 1_000
    var values: [Double] = []
    var power = self.low
    while power <= self.high * 1.000_1 {
      values.append(power)
      if isShort { values += [2 * power, 5 * power].filter { $0 <= self.high } }
      power *= 10
    }
    return values
  }

  /// Whole steps of an even scale, at most nine: 1, 2 or 5 times a power of ten.
  var steps: [Double] {
    var step = pow(10, floor(log10(self.high / 10)))
    let factors = [2, 2.5, 2]
    for factor in factors + factors where self.high / step > 8 { step *= factor }
    return self.multiples(of: step)
  }

  /// Steps of a scale of seconds, at most nine, as clocks have them.
  var clockSteps: [Double] {
    let steps = [1.0, 2, 5, 10, 15, 30, 60, 120, 300, 600]
    return self.multiples(of: steps.first { self.high / $0 <= 8 } ?? 600)
  }

  private func multiples(of step: Double) -> [Double] {
    (0...Int(self.high / step + 1e-9)).map { Double($0) * step }
  }
}
