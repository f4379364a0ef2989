internal import Glibc

/// The pictures of a result's operations. At most as many as there are styles are drawn: those
/// whose 99th percentile is longest.
struct OperationPlots {
  private let result: RunResult
  private let shown: [(operation: OperationResult, style: PlotStyle)]

  /// The pictures of a result.
  init(of result: RunResult) {
    self.result = result
    let answered = result.operations.enumerated().filter { $0.element.latencies.count > 0 }
    let slowest = answered.sorted { left, right in
      let (first, second) = (left.element.p99Us, right.element.p99Us)
      return (second, left.offset) < (first, right.offset)
    }.prefix(PlotStyle.all.count).map(\.element)
    self.shown = Array(zip(slowest, PlotStyle.all)).map { ($0, $1) }
  }

  /// How many operations were answered but are not drawn.
  var leftOut: Int { self.result.operations.count { $0.latencies.count > 0 } - self.shown.count }

  /// Whether there is anything to draw.
  var isEmpty: Bool { self.shown.isEmpty }

  /// Which curve is which.
  var legend: Markup {
    let entries = self.shown.map { operation, style in
      Markup.tag(
        "span", ["class": "key"],
        [
          .tag(
            "svg",
            ["xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 30 8", "class": "swatch"],
            [
              .tag(
                "line",
                [
                  "x1": "0", "y1": "4", "x2": "30", "y2": "4", "stroke": style.colour,
                  "stroke-width": "3", "stroke-dasharray": style.dashes,
                ])
            ]), .text(operation.name),
        ])
    }
    return .tag("p", ["class": "legend"], entries)
  }

  private var secondsCount: Double {
    let recorded = self.result.operations.map(\.seconds.count).max() ?? 0
    let planned = Int((self.result.scenario.schedule.durationUs + 999_999) / 1_000_000)
    return Double(max(1, recorded, planned))
  }

  private var time: PlotScale { PlotScale(0, self.secondsCount, .even) }

  private var timeTicks: [PlotFrame.Tick] {
    self.time.clockSteps.map { ($0, Figure.duration(Int64($0 * 1_000_000))) }
  }

  private func latencyTicks(_ scale: PlotScale) -> [PlotFrame.Tick] {
    scale.decades.map { ($0, Figure.latency(Int64($0.rounded()))) }
  }

  /// What was to be kept by an operation that is drawn or by all, each latency and share once.
  private var limits: [LatencyAim] {
    var seen: Set<LatencyAim> = []
    let drawn = Set(self.shown.map(\.operation.name))
    return self.result.aims.latencies.filter { aim in
      var common = aim
      common.operation = nil
      return (aim.operation.map(drawn.contains) ?? true) && seen.insert(common).inserted
    }
  }

  private func name(_ aim: LatencyAim) -> String {
    "to be held by \(aim.percentile.name): \(Figure.latency(aim.latencyUsMax))"
  }

  /// The 99th percentile of each operation, second by second.
  var latencyOverTime: Markup {
    let values = self.shown.flatMap { $0.operation.seconds.compactMap(\.p99Us) }
    let limits = self.limits.filter { $0.percentile == .p99 }
    let known = values + limits.map(\.latencyUsMax)
    let up = PlotScale.latencies(from: known.min() ?? 1, to: known.max() ?? 1)
    let frame = PlotFrame(height: 340, across: self.time, up: up)
    let curves = self.shown.map { operation, style in
      frame.curve(
        operation.seconds.map { second in
          second.p99Us.map { (Double(second.second) + 0.5, Double($0)) }
        }, style)
    }
    let axes = frame.axes(
      across: self.timeTicks, acrossName: "time since the beginning",
      up: self.latencyTicks(up), upName: "99 of 100 within")
    return frame.drawing(
      title: "99th percentile of each operation's latency, second by second",
      axes + curves + limits.flatMap { frame.limit(Double($0.latencyUsMax), name: self.name($0)) })
  }

  /// What share of the calls was answered within what time.
  var percentiles: Markup {
    let drawn = self.shown.map(\.operation.latencies)
    let known =
      (drawn.map(\.minUs) + drawn.map(\.maxUs)).compactMap { $0 }
      + self.limits.map(\.latencyUsMax)
    let up = PlotScale.latencies(from: known.min() ?? 1, to: known.max() ?? 1)
    let frame = PlotFrame(height: 340, across: PlotScale(1, 100_000, .logarithmic), up: up)
    let curves = self.shown.map { operation, style in
      frame.curve(Self.percentileCurve(operation), style)
    }
    let axes = frame.axes(
      across: Self.percentileTicks, acrossName: "share of the calls",
      up: self.latencyTicks(up), upName: "answered within")
    return frame.drawing(
      title: "Latency by share of calls, from the fastest to the slowest",
      axes + curves
        + self.limits.flatMap { aim in
          let oneIn = 1_000_000 / Double(max(1, 1_000_000 - aim.percentile.perMillion))
          return frame.limit(Double(aim.latencyUsMax), name: self.name(aim), until: oneIn)
        })
  }

  private static let percentileTicks: [PlotFrame.Tick] = [
    (1, "0 %"), (2, "50 %"), (10, "90 %"), (100, "99 %"), (1_000, "99.9 %"), (10_000, "99.99 %"),
  ]

  /// Along an axis on which each nine takes as much room as the one before: x is one in so many
  /// calls that is slower. It ends with the slowest call there was.
  static func percentileCurve(
    _ operation: OperationResult
  ) -> [(x: Double, y: Double)?] {
    let count = Double(operation.latencies.count)
    let end = min(max(count, 1), 100_000)
    let slowest = operation.latencies.maxUs.map { (x: end, y: Double($0)) }
    return (0...120).map { step in
      let oneIn = pow(end, Double(step) / 120)
      let percentile = Percentile(perMillion: Int((1_000_000 * (1 - 1 / oneIn)).rounded()))
      return operation.valueUs(at: percentile).map { (oneIn, Double($0)) }
    } + [slowest]
  }

  /// How many arrivals were asked for in each second, with the calls that failed.
  var load: Markup {
    let schedule = self.result.scenario.schedule
    let asked = schedule.corners.map { (x: $0.seconds, y: $0.perS) }
    let failed = self.failedEachSecond
    let top = max(schedule.peakPerS, Double(failed.max() ?? 0), 1) * 1.08
    let up = PlotScale(0, top, .even)
    let frame = PlotFrame(height: 220, across: self.time, up: up)
    let bars = failed.enumerated().filter { $0.element > 0 }.map { second, count in
      let (x, y) = (frame.x(Double(second)), frame.y(Double(count)))
      return Markup.tag(
        "rect",
        [
          "x": PlotFrame.number(x), "y": PlotFrame.number(y), "fill": "#b3261e",
          "width": PlotFrame.number(max(1, frame.x(Double(second) + 1) - x - 0.5)),
          "height": PlotFrame.number(max(1, frame.y(0) - y)),
        ])
    }
    let axes = frame.axes(
      across: self.timeTicks, acrossName: "time since the beginning",
      up: up.steps.map { ($0, Figure.plain($0)) }, upName: "each second")
    return frame.drawing(
      title: "Load asked for and calls failed, second by second",
      axes + bars + [frame.curve(asked, PlotStyle.all[0])])
  }

  /// How many calls failed in each second, of all operations together.
  private var failedEachSecond: [Int] {
    var failed = Array(repeating: 0, count: Int(self.secondsCount))
    for second in self.result.calls.flatMap(\.seconds)
    where failed.indices.contains(second.second) {
      failed[second.second] += second.failed
    }
    return failed
  }
}

extension OperationResult {
  /// The 99th percentile in µs; 0 if nothing was answered.
  fileprivate var p99Us: Int64 { self.valueUs(at: .p99) ?? 0 }
}
