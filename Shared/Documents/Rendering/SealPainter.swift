internal import CCairo

/// Draws a seal around the origin: rim, star, the name on an arc, the purpose in a line.
struct SealPainter {
  private let painter: Painter
  private let radius: Double

  init(_ painter: Painter, diameter: Double) {
    self.painter = painter
    self.radius = diameter / 2
  }

  private var cairo: OpaquePointer { self.painter.cairo }

  /// Ink over paper: what is dark below stays dark.
  func paint(_ seal: Seal, in context: FontContext) throws(DocumentError) {
    cairo_set_operator(self.cairo, CAIRO_OPERATOR_MULTIPLY)
    self.painter.use(.sealRed)
    self.rim()
    self.star()
    try self.name(seal.name, in: context)
    if !seal.purpose.isEmpty { try self.purpose(seal.purpose, in: context) }
  }

  private func rim() {
    let width = self.radius * 0.055
    cairo_set_line_width(self.cairo, width)
    cairo_new_path(self.cairo)
    cairo_arc(self.cairo, 0, 0, self.radius - width / 2, 0, 2 * .pi)
    cairo_stroke(self.cairo)
  }

  /// Five points, one upright: each second corner of a pentagon, filled as a whole.
  private func star() {
    let size = self.radius * 0.3
    cairo_save(self.cairo)
    defer { cairo_restore(self.cairo) }
    cairo_translate(self.cairo, 0, -self.radius * 0.02)
    cairo_new_path(self.cairo)
    for _ in 0..<5 {
      cairo_line_to(self.cairo, 0, -size)
      cairo_rotate(self.cairo, 4 * .pi / 5)
    }
    cairo_close_path(self.cairo)
    cairo_set_fill_rule(self.cairo, CAIRO_FILL_RULE_WINDING)
    cairo_fill(self.cairo)
  }

  /// Characters stand upright on the arc. Many are set closer and narrower, as engravers do it.
  private func name(_ name: String, in context: FontContext) throws(DocumentError) {
    let characters = name.map(String.init)
    // The arc leaves the lower third to the purpose.
    let sweepMax = 1.28 * Double.pi
    let steps = Double(max(1, characters.count - 1))
    let step = min(sweepMax / steps, 0.36)
    let sweep = step * Double(characters.count - 1)
    let height = self.radius * 0.24
    let baseline = self.radius * 0.9 - height
    let room = step * (baseline + height * 0.2)
    let narrowing = min(1, room / (height * 1.04))
    for (index, character) in characters.enumerated() {
      cairo_save(self.cairo)
      defer { cairo_restore(self.cairo) }
      cairo_rotate(self.cairo, step * Double(index) - sweep / 2)
      cairo_translate(self.cairo, 0, -baseline)
      cairo_scale(self.cairo, narrowing, 1)
      try self.outline(character, points: height, in: context)
    }
  }

  private func purpose(_ purpose: String, in context: FontContext) throws(DocumentError) {
    let height = min(self.radius * 0.22, self.radius * 1.1 / Double(purpose.count))
    cairo_save(self.cairo)
    defer { cairo_restore(self.cairo) }
    cairo_translate(self.cairo, 0, self.radius * 0.64)
    try self.outline(purpose, points: height, in: context)
  }

  /// Fills a text's outlines, its middle over the origin and its baseline on it.
  private func outline(
    _ text: String, points: Double, in context: FontContext
  ) throws(DocumentError) {
    // Type has bounds for reading; a seal's characters may be any size, so the page is scaled.
    let size = 24.0
    let layout = try TextLayout(
      TextBlock(text, TextStyle(.song, points: size, isBold: true)), width: nil, scale: 1,
      in: context)
    guard let line = layout.lines.first else { return }
    cairo_scale(self.cairo, points / size, points / size)
    cairo_move_to(self.cairo, -line.width / 2, 0)
    pango_cairo_layout_line_path(
      self.cairo, pango_layout_get_line_readonly(layout.pointer, 0))
    cairo_fill(self.cairo)
  }
}
