internal import CCairo
internal import CTurboJPEG

/// A picture's pixels as cairo draws them.
final class PictureSurface {
  let pointer: OpaquePointer

  /// Reads the whole picture. Throws `pictureBroken` if it is not whole.
  init(_ picture: Picture) throws(DocumentError) {
    switch picture.format {
    case .jpeg: self.pointer = try Self.jpeg(picture)
    case .png: self.pointer = try Self.png(picture)
    }
  }

  deinit { cairo_surface_destroy(self.pointer) }

  private static func jpeg(_ picture: Picture) throws(DocumentError) -> OpaquePointer {
    let width = Int32(picture.width)
    let height = Int32(picture.height)
    guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height),
      cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS
    else { throw .library(operation: "picture", reason: "no memory") }
    do throws(DocumentError) {
      try Self.decode(picture, into: surface)
      try Self.attach(picture.bytes, to: surface)
    } catch {
      cairo_surface_destroy(surface)
      throw error
    }
    return surface
  }

  private static func decode(
    _ picture: Picture, into surface: OpaquePointer
  ) throws(DocumentError) {
    guard let decoder = tjInitDecompress() else {
      throw .library(operation: "JPEG", reason: "no memory")
    }
    defer { tjDestroy(decoder) }
    cairo_surface_flush(surface)
    // A JPEG that lacks its end is only a warning to the library. More than 500 scans are an
    // attack: each is a pass over the whole picture.
    let flags = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS | TJFLAG_ACCURATEDCT
    let answer = tjDecompress2(
      decoder, picture.bytes, UInt(picture.bytes.count), cairo_image_surface_get_data(surface),
      Int32(picture.width), cairo_image_surface_get_stride(surface), Int32(picture.height),
      Int32(TJPF_BGRX.rawValue), flags)
    guard answer == 0 else {
      throw .pictureBroken(String(cString: tjGetErrorStr2(decoder)))
    }
    cairo_surface_mark_dirty(surface)
  }

  /// Gives cairo the file beside the pixels, so that a PDF holds the photo as it came: a tenth of
  /// the size, and nothing lost. The bytes live as long as the surface.
  private static func attach(
    _ bytes: [UInt8], to surface: OpaquePointer
  ) throws(DocumentError) {
    let kept = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
    kept.initialize(from: bytes, count: bytes.count)
    let status = cairo_surface_set_mime_data(
      surface, CAIRO_MIME_TYPE_JPEG, kept, UInt(bytes.count), { $0?.deallocate() }, kept)
    if status != CAIRO_STATUS_SUCCESS { kept.deallocate() }
    try DocumentError.require(status, "picture")
  }

  /// What is left of a PNG to read.
  private final class Source {
    var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { self.rest = bytes[...] }
  }

  private static func png(_ picture: Picture) throws(DocumentError) -> OpaquePointer {
    let source = Source(picture.bytes)
    let surface = withExtendedLifetime(source) {
      cairo_image_surface_create_from_png_stream(
        { closure, data, count in
          guard let closure, let data else { return CAIRO_STATUS_READ_ERROR }
          let source = Unmanaged<Source>.fromOpaque(closure).takeUnretainedValue()
          guard source.rest.count >= count else { return CAIRO_STATUS_READ_ERROR }
          for index in 0..<Int(count) { data[index] = source.rest[source.rest.startIndex + index] }
          source.rest = source.rest.dropFirst(Int(count))
          return CAIRO_STATUS_SUCCESS
        }, Unmanaged.passUnretained(source).toOpaque())
    }
    guard let surface else { throw .library(operation: "picture", reason: "no memory") }
    let status = cairo_surface_status(surface)
    if status != CAIRO_STATUS_SUCCESS {
      cairo_surface_destroy(surface)
      throw .pictureBroken(String(cString: cairo_status_to_string(status)))
    }
    return surface
  }
}
