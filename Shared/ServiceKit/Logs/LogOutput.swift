internal import Glibc

/// Where log lines go; one call a line.
protocol LogOutput: Sendable {
  func write(_ line: String)
}

/// Standard error. A line is one `write(2)`, so that lines of several threads do not mix.
struct StandardError: LogOutput {
  func write(_ line: String) {
    var bytes = Array(line.utf8)
    bytes.append(UInt8(ascii: "\n"))
    bytes.withUnsafeBytes { buffer in
      var sent = 0
      while sent < buffer.count {
        let count = Glibc.write(2, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
        if count > 0 {
          sent += count
        } else if count < 0 && errno == EINTR {
          continue
        } else {
          return  // Nobody reads: a log line is not worth stopping a service for.
        }
      }
    }
  }
}
