internal import CCairo

/// A page on its way into a PNG.
final class PNGSurface {
  let pointer: OpaquePointer

  /// `scale` is pixels to a point.
  init(size: Extent, scale: Double) throws(DocumentError) {
    let width = Int((size.width * scale).rounded())
    let height = Int((size.height * scale).rounded())
    try DocumentError.bound("a PNG's pixels", width * height, DocumentLimits.pngPixelsMax)
    let pointer = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    guard let pointer else { throw .library(operation: "PNG", reason: "no memory") }
    self.pointer = pointer
    try DocumentError.require(cairo_surface_status(pointer), "PNG")
  }

  deinit { cairo_surface_destroy(self.pointer) }

  /// The file.
  func finished() throws(DocumentError) -> [UInt8] {
    let sink = ByteSink()
    let status = withExtendedLifetime(sink) {
      cairo_surface_write_to_png_stream(self.pointer, ByteSink.write, sink.closure)
    }
    try DocumentError.require(status, "PNG end")
    return sink.bytes
  }
}
