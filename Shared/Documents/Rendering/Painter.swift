internal import CCairo

/// Draws marks with cairo. Points, from the page's upper left corner.
final class Painter {
  let cairo: OpaquePointer
  private let fonts: FontContext

  init(
    on surface: OpaquePointer, with fonts: FontContext, scale: Double = 1
  ) throws(DocumentError) {
    guard let cairo = cairo_create(surface) else {
      throw .library(operation: "drawing", reason: "no memory")
    }
    self.cairo = cairo
    self.fonts = fonts
    try self.check()
    cairo_scale(cairo, scale, scale)
  }

  deinit { cairo_destroy(self.cairo) }

  func check() throws(DocumentError) {
    try DocumentError.require(cairo_status(self.cairo), "drawing")
  }

  func endPage() throws(DocumentError) {
    cairo_show_page(self.cairo)
    try self.check()
  }

  func fillPage(_ colour: Colour) {
    self.use(colour)
    cairo_paint(self.cairo)
  }

  /// Draws what lies under the text, then what flows, then what is stamped over it.
  func paint(_ page: PageMarks) throws(DocumentError) {
    for mark in page.marks where !mark.isOver { try self.paint(mark) }
    for mark in page.marks where mark.isOver { try self.paint(mark) }
  }

  private func paint(_ mark: Mark) throws(DocumentError) {
    cairo_save(self.cairo)
    defer { cairo_restore(self.cairo) }
    cairo_translate(self.cairo, mark.x, mark.y)
    switch mark.kind {
    case .line(let layout, let index):
      self.use(.black)
      cairo_move_to(self.cairo, 0, 0)
      pango_cairo_show_layout_line(
        self.cairo, pango_layout_get_line_readonly(layout.pointer, Int32(index)))
    case .fill(let extent, let colour):
      self.use(colour)
      cairo_rectangle(self.cairo, 0, 0, extent.width, extent.height)
      cairo_fill(self.cairo)
    case .outline(let extent, let rule):
      self.use(rule)
      cairo_rectangle(self.cairo, 0, 0, extent.width, extent.height)
      cairo_stroke(self.cairo)
    case .picture(let picture, let extent): try self.paint(picture, in: extent)
    case .code(let code, let side): self.paint(code, side: side)
    case .seal(let seal, let diameter):
      cairo_translate(self.cairo, diameter / 2, diameter / 2)
      try SealPainter(self, diameter: diameter).paint(seal, in: self.fonts)
    }
    try self.check()
  }

  func use(_ colour: Colour) {
    cairo_set_source_rgb(
      self.cairo, Double(colour.red) / 255, Double(colour.green) / 255, Double(colour.blue) / 255)
  }

  func use(_ rule: Rule) {
    self.use(rule.colour)
    cairo_set_line_width(self.cairo, rule.points)
  }

  /// The largest that fits, in the middle.
  private func paint(_ picture: Picture, in extent: Extent) throws(DocumentError) {
    let surface = try PictureSurface(picture)
    let scale = min(
      extent.width / Double(picture.width), extent.height / Double(picture.height))
    cairo_translate(
      self.cairo, (extent.width - Double(picture.width) * scale) / 2,
      (extent.height - Double(picture.height) * scale) / 2)
    cairo_scale(self.cairo, scale, scale)
    cairo_set_source_surface(self.cairo, surface.pointer, 0, 0)
    cairo_pattern_set_filter(cairo_get_source(self.cairo), CAIRO_FILTER_GOOD)
    // In pixels, the picture's edge goes on beyond it, so that no pale seam is mixed in. A PDF
    // would get the padded pixels instead of the file.
    if cairo_surface_get_type(cairo_get_target(self.cairo)) == CAIRO_SURFACE_TYPE_IMAGE {
      cairo_pattern_set_extend(cairo_get_source(self.cairo), CAIRO_EXTEND_PAD)
    }
    cairo_rectangle(self.cairo, 0, 0, Double(picture.width), Double(picture.height))
    cairo_fill(self.cairo)
  }

  /// Black modules on a white square, as one path and with sharp edges.
  private func paint(_ code: QRCode, side: Double) {
    let module = side / Double(code.width + 2 * QRCode.quietModules)
    self.use(.white)
    cairo_rectangle(self.cairo, 0, 0, side, side)
    cairo_fill(self.cairo)
    self.use(.black)
    cairo_set_antialias(self.cairo, CAIRO_ANTIALIAS_NONE)
    let quiet = module * Double(QRCode.quietModules)
    for row in 0..<code.width {
      var column = 0
      while column < code.width {
        let start = column
        while column < code.width, code.isDark[row * code.width + column] { column += 1 }
        if column > start {
          cairo_rectangle(
            self.cairo, quiet + Double(start) * module, quiet + Double(row) * module,
            Double(column - start) * module, module)
        }
        column += 1
      }
    }
    cairo_fill(self.cairo)
  }
}
