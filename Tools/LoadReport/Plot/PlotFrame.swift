/// The paper that a plot is drawn on: its size, its axes, and where a point lies.
struct PlotFrame {
  /// A line across the paper, with what it is.
  typealias Tick = (value: Double, label: String)

  /// The size of the whole drawing, in its own units.
  static let width = 900.0
  /// Room for the labels on the left.
  static let left = 74.0
  /// Room on the right, for half of the last label.
  static let right = 30.0
  /// Room above.
  static let top = 14.0
  /// Room for the labels and the axis' name below.
  static let bottom = 46.0

  let height: Double
  let across: PlotScale
  let up: PlotScale

  /// A drawing so high, with its two scales.
  init(height: Double, across: PlotScale, up: PlotScale) {
    self.height = height
    self.across = across
    self.up = up
  }

  /// Where a value lies from the left.
  func x(_ value: Double) -> Double {
    Self.left + self.across.position(value) * (Self.width - Self.left - Self.right)
  }

  /// Where a value lies from above.
  func y(_ value: Double) -> Double {
    self.height - Self.bottom
      - self.up.position(value) * (self.height - Self.top - Self.bottom)
  }

  /// A number of the drawing: tenths are as fine as anybody sees.
  static func number(_ value: Double) -> String { Figure.plain((value * 10).rounded() / 10) }

  /// The axes with their lines, labels and names.
  func axes(across: [Tick], acrossName: String, up: [Tick], upName: String) -> [Markup] {
    let (floor, end) = (self.height - Self.bottom, Self.width - Self.right)
    let level = up.flatMap { tick -> [Markup] in
      let y = self.y(tick.value)
      return [
        Self.line("grid", (Self.left, y), (end, y)),
        Self.label("end", (Self.left - 8, y + 4), tick.label),
      ]
    }
    let upright = across.flatMap { tick -> [Markup] in
      let x = self.x(tick.value)
      return [
        Self.line("grid", (x, Self.top), (x, floor)),
        Self.label("middle", (x, floor + 18), tick.label),
      ]
    }
    let names = [
      Self.label("middle", ((Self.left + end) / 2, self.height - 8), acrossName),
      Markup.tag(
        "text",
        [
          "text-anchor": "middle",
          "transform": "translate(14 \(Self.number((Self.top + floor) / 2))) rotate(-90)",
        ], text: upName),
    ]
    return level + upright + [
      Self.line("axis", (Self.left, Self.top), (Self.left, floor)),
      Self.line("axis", (Self.left, floor), (end, floor)),
    ] + names
  }

  /// A level that was not to be passed, with its name at its right end; if it is said of a part
  /// only, until a value across, from where on the curve may rise.
  func limit(_ value: Double, name: String, until last: Double? = nil) -> [Markup] {
    let (y, end) = (self.y(value), last.map(self.x) ?? Self.width - Self.right)
    let wall = last == nil ? [] : [Self.line("limit", (end, y), (end, Self.top))]
    return wall + [
      Self.line("limit", (Self.left, y), (end, y)),
      .tag(
        "text",
        [
          "class": "limit", "text-anchor": "end", "x": Self.number(end - 4),
          "y": Self.number(y - 5),
        ], text: name),
    ]
  }

  /// A value across up to which all is well, with its name.
  func border(_ value: Double, name: String) -> [Markup] {
    let (x, floor) = (self.x(value), self.height - Self.bottom)
    return [
      Self.line("border", (x, Self.top), (x, floor)),
      .tag(
        "text",
        [
          "class": "border", "text-anchor": "end", "x": Self.number(x - 5),
          "y": Self.number(Self.top + 12),
        ], text: name),
    ]
  }

  /// Lines through points, a new one after each gap (nil). A point alone is drawn as a short line.
  func curve(_ points: [(x: Double, y: Double)?], _ style: PlotStyle) -> Markup {
    var path = ""
    for run in points.split(whereSeparator: { $0 == nil }) {
      let places = run.compactMap { $0 }.map { (self.x($0.x), self.y($0.y)) }
      for (index, place) in places.enumerated() {
        path += "\(index == 0 ? "M" : "L")\(Self.number(place.0)) \(Self.number(place.1))"
      }
      if places.count == 1 { path += "h2" }
    }
    return .tag(
      "path",
      [
        "d": path, "fill": "none", "stroke": style.colour, "stroke-width": "2",
        "stroke-dasharray": style.dashes, "stroke-linejoin": "round",
      ])
  }

  /// The drawing, with what it shows in words for those who do not see it.
  func drawing(title: String, _ content: [Markup]) -> Markup {
    .tag(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "role": "img", "font-size": "13",
        "font-family": "sans-serif",
        "viewBox": "0 0 \(Self.number(Self.width)) \(Self.number(self.height))",
      ], [.tag("title", text: title), .style(PlotStyle.sheet)] + content)
  }

  private static func line(
    _ kind: String, _ from: (Double, Double), _ to: (Double, Double)
  ) -> Markup {
    .tag(
      "line",
      [
        "class": kind, "x1": self.number(from.0), "y1": self.number(from.1),
        "x2": self.number(to.0), "y2": self.number(to.1),
      ])
  }

  private static func label(_ anchor: String, _ at: (Double, Double), _ text: String) -> Markup {
    .tag(
      "text", ["text-anchor": anchor, "x": self.number(at.0), "y": self.number(at.1)], text: text)
  }
}
