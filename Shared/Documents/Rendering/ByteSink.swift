internal import CCairo

/// Where cairo writes a file to. Its owner keeps it alive until cairo has finished.
final class ByteSink {
  private(set) var bytes: [UInt8] = []

  func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes.append(contentsOf: bytes)
  }

  /// What cairo hands back with each part.
  var closure: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  /// What cairo calls with each part.
  static let write: cairo_write_func_t = { closure, data, count in
    guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
    let sink = Unmanaged<ByteSink>.fromOpaque(closure).takeUnretainedValue()
    sink.append(UnsafeBufferPointer(start: data, count: Int(count)))
    return CAIRO_STATUS_SUCCESS
  }
}

extension DocumentError {
  /// Throws unless cairo is content.
  static func require(
    _ status: cairo_status_t, _ operation: String
  ) throws(DocumentError) {
    if status == CAIRO_STATUS_SUCCESS { return }
    throw .library(operation: operation, reason: String(cString: cairo_status_to_string(status)))
  }
}
