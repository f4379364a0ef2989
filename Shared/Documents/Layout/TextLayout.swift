internal import CCairo

/// A text broken into lines by pango. Belongs to one rendering and its thread.
final class TextLayout {
  /// A line's place among the others.
  struct Line {
    /// How far it is moved in by alignment and indent, in points.
    var x: Double
    /// Its width in points.
    var width: Double
  }

  let pointer: OpaquePointer
  /// The lines from above.
  private(set) var lines: [Line] = []

  /// Breaks a text at `width` points; nil sets it in one line.
  init(
    _ block: TextBlock, width: Double?, scale: Double, in context: FontContext
  ) throws(DocumentError) {
    guard let pointer = pango_layout_new(context.pango) else {
      throw .library(operation: "text", reason: "no memory")
    }
    self.pointer = pointer
    try context.check(block.text)
    let style = block.style
    self.set(style, scale: scale)
    pango_layout_set_text(pointer, block.text, Int32(block.text.utf8.count))
    self.setAttributes(of: block, scale: scale)
    if let width {
      pango_layout_set_width(pointer, Int32(max(1, width) * Double(PANGO_SCALE)))
    }
    // Asking for it makes pango choose the glyphs.
    if pango_layout_get_unknown_glyphs_count(pointer) > 0 {
      throw .charactersMissing(context.fonts.missing(in: block.text))
    }
    self.lines = self.measured()
    if let width, self.lines.contains(where: { $0.width > width + 0.5 }) {
      throw .doesNotFit("a character wider than its line")
    }
  }

  deinit { g_object_unref(UnsafeMutableRawPointer(self.pointer)) }

  private func set(_ style: TextStyle, scale: Double) {
    let font = pango_font_description_new()
    defer { pango_font_description_free(font) }
    pango_font_description_set_family(font, FontFamilies.list(for: style.typeface))
    pango_font_description_set_weight(font, style.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
    // An absolute size is one of the page's own units, here points.
    pango_font_description_set_absolute_size(font, style.points * scale * Double(PANGO_SCALE))
    pango_layout_set_font_description(self.pointer, font)
    pango_layout_set_wrap(self.pointer, PANGO_WRAP_WORD_CHAR)
    pango_layout_set_auto_dir(self.pointer, 0)
    let indent = style.indent * style.points * scale * Double(PANGO_SCALE)
    pango_layout_set_indent(self.pointer, Int32(indent))
    switch style.alignment {
    case .left: pango_layout_set_alignment(self.pointer, PANGO_ALIGN_LEFT)
    case .centre: pango_layout_set_alignment(self.pointer, PANGO_ALIGN_CENTER)
    case .right: pango_layout_set_alignment(self.pointer, PANGO_ALIGN_RIGHT)
    case .justified: pango_layout_set_justify(self.pointer, 1)
    case .spread:
      pango_layout_set_justify(self.pointer, 1)
      pango_layout_set_justify_last_line(self.pointer, 1)
    }
  }

  private func setAttributes(of block: TextBlock, scale: Double) {
    guard let list = pango_attr_list_new() else { return }
    defer { pango_attr_list_unref(list) }
    var start: UInt32 = 0
    let style = block.style
    let tracking = Int32(style.tracking * style.points * scale * Double(PANGO_SCALE))
    for run in block.runs {
      let end = start + UInt32(run.text.utf8.count)
      let colour = run.colour ?? style.colour
      // Pango's colours have 16 bits: 255 becomes 65,535.
      let parts = [colour.red, colour.green, colour.blue].map { UInt16($0) * 257 }
      let attribute = pango_attr_foreground_new(parts[0], parts[1], parts[2])
      anju_pango_attr_list_add(list, attribute, start, end)
      if let isBold = run.isBold {
        let weight = isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL
        anju_pango_attr_list_add(list, pango_attr_weight_new(weight), start, end)
      }
      start = end
    }
    if tracking > 0 {
      anju_pango_attr_list_add(list, pango_attr_letter_spacing_new(tracking), 0, start)
    }
    self.keepDots(in: block.text, list)
    pango_layout_set_attributes(self.pointer, list)
  }

  /// A middle dot of a name stands with the character before it, never at a line's beginning; the
  /// rules of Unicode leave that to whoever knows that the text is Chinese.
  private func keepDots(in text: String, _ list: OpaquePointer) {
    var start: UInt32 = 0
    var before: UInt32 = 0
    for scalar in text.unicodeScalars {
      let end = start + UInt32(UTF8.width(scalar))
      if scalar == "·" {
        anju_pango_attr_list_add(list, pango_attr_allow_breaks_new(0), before, end)
      }
      before = start
      start = end
    }
  }

  private func measured() -> [Line] {
    guard let iterator = pango_layout_get_iter(self.pointer) else { return [] }
    defer { pango_layout_iter_free(iterator) }
    var lines: [Line] = []
    repeat {
      var logical = PangoRectangle()
      pango_layout_iter_get_line_extents(iterator, nil, &logical)
      lines.append(
        Line(
          x: Double(logical.x) / Double(PANGO_SCALE),
          width: Double(logical.width) / Double(PANGO_SCALE)))
    } while pango_layout_iter_next_line(iterator) == 1
    return lines
  }
}
