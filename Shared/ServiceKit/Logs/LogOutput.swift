internal import Glibc

/// Where log lines go; one call a line.
protocol LogOutput: Sendable {
  func write(_ line: String)
}

/// Standard error. A line is one `write(2)`, so that lines of several threads do not mix.
struct StandardError: LogOutput {
  func write(_ line: String) {
    Descriptor.write(line + "\n", to: STDERR_FILENO)
  }
}

/// Standard output, for what was asked for.
enum StandardOutput {
  static func write(_ text: String) {
    Descriptor.write(text, to: STDOUT_FILENO)
  }
}

private enum Descriptor {
  /// Writes all of it, or as much as somebody reads: a line is not worth stopping a service for.
  static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      let buffer = UnsafeRawBufferPointer(bytes)
      var sent = 0
      while sent < buffer.count {
        let count = Glibc.write(
          descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
        if count > 0 {
          sent += count
        } else if count == 0 || errno != EINTR {
          return
        }
      }
    }
  }
}
