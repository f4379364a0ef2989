internal import CCairo
internal import DomainModel

/// Pages on their way into a PDF.
final class PDFSurface {
  let pointer: OpaquePointer
  private let sink = ByteSink()

  init(size: Extent) throws(DocumentError) {
    let pointer = cairo_pdf_surface_create_for_stream(
      ByteSink.write, self.sink.closure, size.width, size.height)
    guard let pointer else { throw .library(operation: "PDF", reason: "no memory") }
    self.pointer = pointer
    // From here on deinit gives it back, also when this throws.
    try DocumentError.require(cairo_surface_status(pointer), "PDF")
    cairo_pdf_surface_restrict_to_version(pointer, CAIRO_PDF_VERSION_1_5)
  }

  deinit {
    // Unfinished pages are written to the sink, which is still there.
    cairo_surface_destroy(self.pointer)
  }

  /// Sets the metadata. Without a creation date cairo would ask the clock.
  func describe(
    title: String, fonts: String, createdAt: Timestamp
  ) throws(DocumentError) {
    try DocumentError.bound("a title's characters", title.count, 200)
    let forbidden = title.unicodeScalars.filter(FontContext.isForbidden)
    if !forbidden.isEmpty { throw .charactersForbidden(Array(forbidden)) }
    let pango = String(cString: pango_version_string())
    let instant = PDFDate.text(of: createdAt)
    cairo_pdf_surface_set_metadata(self.pointer, CAIRO_PDF_METADATA_TITLE, title)
    cairo_pdf_surface_set_metadata(self.pointer, CAIRO_PDF_METADATA_CREATOR, "Anju; Pango \(pango)")
    cairo_pdf_surface_set_metadata(self.pointer, CAIRO_PDF_METADATA_KEYWORDS, fonts)
    cairo_pdf_surface_set_metadata(self.pointer, CAIRO_PDF_METADATA_CREATE_DATE, instant)
    cairo_pdf_surface_set_metadata(self.pointer, CAIRO_PDF_METADATA_MOD_DATE, instant)
    try DocumentError.require(cairo_surface_status(self.pointer), "PDF metadata")
  }

  /// The file, whole; nothing can be drawn after it.
  func finished() throws(DocumentError) -> [UInt8] {
    cairo_surface_finish(self.pointer)
    try DocumentError.require(cairo_surface_status(self.pointer), "PDF end")
    return self.sink.bytes
  }
}

/// An instant as cairo takes it: ISO 8601, here always of Asia/Shanghai.
enum PDFDate {
  static func text(of instant: Timestamp) -> String {
    instant.shanghaiText.replacing(" ", with: "T") + "+08:00"
  }
}
