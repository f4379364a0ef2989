import ArgumentParser
import DomainModel
import Foundation

/// An instant as the command line takes it: `2026-03-10T10:00:00+08:00` (RFC 3339, whole seconds).
struct Instant: ExpressibleByArgument {
  let timestamp: Timestamp

  init?(argument: String) {
    guard let date = ISO8601DateFormatter().date(from: argument) else { return nil }
    self.timestamp = Timestamp(milliseconds: Int64(date.timeIntervalSince1970) * 1000)
  }
}
