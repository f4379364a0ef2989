internal import CCairo

extension Painter {
  /// Draws what lies under the text.
  func paint(_ shapes: [Shape]) throws(DocumentError) {
    for shape in shapes {
      cairo_save(self.cairo)
      defer { cairo_restore(self.cairo) }
      switch shape {
      case .rectangle(let area, let radius, let fill, let line):
        try self.path(of: area, radius: radius)
        if let fill {
          self.use(fill)
          cairo_fill_preserve(self.cairo)
        }
        if let line {
          self.use(line)
          cairo_stroke_preserve(self.cairo)
        }
        cairo_new_path(self.cairo)
      case .waves(let area, let count, let line):
        try DocumentError.bound("a band's waves", count, 200)
        try self.path(of: area, radius: 0)
        cairo_clip(self.cairo)
        self.use(line)
        self.waves(in: area, count: count)
      }
    }
    try self.check()
  }

  private func path(of area: Area, radius: Double) throws(DocumentError) {
    let sides = 0...DocumentLimits.sideMax
    try DocumentError.bound("an area's width in mm", area.size.width, in: sides)
    try DocumentError.bound("an area's height in mm", area.size.height, in: sides)
    let x = Units.points(area.x)
    let y = Units.points(area.y)
    let size = Extent(area.size)
    let radius = min(Units.points(max(0, radius)), size.width / 2, size.height / 2)
    cairo_new_path(self.cairo)
    if radius == 0 {
      cairo_rectangle(self.cairo, x, y, size.width, size.height)
      return
    }
    cairo_arc(self.cairo, x + size.width - radius, y + radius, radius, -.pi / 2, 0)
    cairo_arc(self.cairo, x + size.width - radius, y + size.height - radius, radius, 0, .pi / 2)
    cairo_arc(self.cairo, x + radius, y + size.height - radius, radius, .pi / 2, .pi)
    cairo_arc(self.cairo, x + radius, y + radius, radius, .pi, 1.5 * .pi)
    cairo_close_path(self.cairo)
  }

  /// Two families of waves of one length, each line a step below and a step beside the last, those
  /// of one family going the other way.
  private func waves(in area: Area, count: Int) {
    let size = Extent(area.size)
    let length = size.height * 0.9
    let swing = size.height * 0.32
    for index in 0..<count {
      let part = Double(index) / Double(max(1, count))
      for way in [1.0, -1.0] {
        var x = Units.points(area.x) - length * (1 + part * way)
        let y = Units.points(area.y) + size.height * (0.2 + 0.6 * part)
        cairo_move_to(self.cairo, x, y)
        // An S of two quarters is what one curve makes of a wave's length.
        while x < Units.points(area.x) + size.width + length {
          cairo_rel_curve_to(
            self.cairo, length / 2, -swing * way, length / 2, swing * way, length, 0)
          x += length
        }
      }
    }
    cairo_stroke(self.cairo)
  }
}
