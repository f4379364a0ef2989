/// The picture of a search: how long callers waited at each rate that was tried.
struct KneePlot {
  private let points: [(perS: Double, us: Int64, isHeld: Bool)]
  private let holdsPerS: Double?

  /// The picture of a search.
  init(of result: KneeResult) {
    self.points = result.trials.compactMap { trial in
      trial.slowest.map { (trial.perS, $0.p99Us, trial.standing == .held) }
    }
    self.holdsPerS = result.holdsPerS
  }

  /// The drawing.
  var drawing: Markup {
    let waits = self.points.map(\.us)
    let up = PlotScale.latencies(from: waits.min() ?? 1, to: waits.max() ?? 1)
    let top = max(self.points.map(\.perS).max() ?? 1, 0.001) * 1.08
    let across = PlotScale(0, top, .even)
    let frame = PlotFrame(height: 340, across: across, up: up)
    let axes = frame.axes(
      across: across.steps.map { ($0, Figure.plain($0)) }, acrossName: "asked each second",
      up: up.decades.map { ($0, Figure.latency(Int64($0.rounded()))) }, upName: "99 of 100 within")
    let held = self.holdsPerS.map { frame.border($0, name: "holds \(Figure.plain($0))") } ?? []
    return frame.drawing(
      title: "99th percentile of the slowest operation at each rate that was tried",
      axes + held + [frame.curve(self.curve, PlotStyle.all[0])] + self.points.map(frame.mark))
  }

  /// Through the middle of what the trials of each rate found.
  private var curve: [(x: Double, y: Double)?] {
    let rates = Dictionary(grouping: self.points, by: \.perS)
    return rates.sorted { $0.key < $1.key }.map { perS, points in
      let waits = points.map(\.us).sorted()
      return (perS, Double(waits[(waits.count - 1) / 2]))
    }
  }
}

extension PlotFrame {
  /// A trial: a full point where it held, a cross where it did not.
  fileprivate func mark(_ point: (perS: Double, us: Int64, isHeld: Bool)) -> Markup {
    let (x, y) = (self.x(point.perS), self.y(Double(point.us)))
    if point.isHeld {
      return .tag(
        "circle",
        ["cx": Self.number(x), "cy": Self.number(y), "r": "5", "fill": "#1b7f4b"])
    }
    let (left, right) = (Self.number(x - 5), Self.number(x + 5))
    let (top, bottom) = (Self.number(y - 5), Self.number(y + 5))
    return .tag(
      "path",
      [
        "d": "M\(left) \(top)L\(right) \(bottom)M\(left) \(bottom)L\(right) \(top)",
        "stroke": "#b3261e", "stroke-width": "2.5", "fill": "none",
      ])
  }
}
