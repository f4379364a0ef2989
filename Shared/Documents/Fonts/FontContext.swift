internal import CCairo

/// What pango needs to set text, made for one rendering and used by its thread alone: a font map
/// holds caches without a lock. Making one takes a fifth of a millisecond.
final class FontContext {
  let fonts: DocumentFonts
  let pango: OpaquePointer
  private let map: UnsafeMutablePointer<PangoFontMap>

  init(_ fonts: DocumentFonts) throws(DocumentError) {
    guard let map = anju_pango_font_map_new(fonts.configuration) else {
      throw .library(operation: "font map", reason: "cairo has no FreeType")
    }
    guard let pango = pango_font_map_create_context(map) else {
      g_object_unref(map)
      throw .library(operation: "font context", reason: "no memory")
    }
    self.fonts = fonts
    self.map = map
    self.pango = pango
    // Never the language of the machine: it chooses between forms of characters.
    pango_context_set_language(pango, pango_language_from_string("zh-cn"))
    pango_context_set_base_dir(pango, PANGO_DIRECTION_LTR)
    pango_context_set_round_glyph_positions(pango, 0)
    pango_cairo_context_set_resolution(pango, 72)
    let options = cairo_font_options_create()
    defer { cairo_font_options_destroy(options) }
    // Outlines as they are, so that paper and screen agree and no setting of a screen matters.
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    pango_cairo_context_set_font_options(pango, options)
  }

  deinit {
    g_object_unref(UnsafeMutableRawPointer(self.pango))
    g_object_unref(self.map)
  }

  /// Refuses a text with what is not to be set. A line feed is the one control character with a
  /// meaning here.
  func check(_ text: String) throws(DocumentError) {
    let forbidden = text.unicodeScalars.filter { $0 != "\n" && Self.isForbidden($0) }
    if !forbidden.isEmpty { throw .charactersForbidden(Array(forbidden)) }
    let missing = self.fonts.missing(in: text.replacing("\n", with: ""))
    if !missing.isEmpty { throw .charactersMissing(missing) }
  }

  static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format: true
    default: false
    }
  }
}
