import Logging

/// Tells of connections that were ended for what their peer did: one line a second for each reason,
/// because who opens connection after connection must not fill the log.
struct AbuseLog {
  private let logger: Logger
  private var ended: [String: (count: Int, peer: String)] = [:]

  init(_ logger: Logger) {
    self.logger = logger
  }

  mutating func add(_ reason: String, peer: String) {
    self.ended[reason] = ((self.ended[reason]?.count ?? 0) + 1, peer)
  }

  /// Writes what has come together since the last time.
  mutating func write() {
    guard !self.ended.isEmpty else { return }
    for (reason, connections) in self.ended {
      self.logger.notice(
        "connections ended for abuse",
        metadata: [
          "abuse": "\(reason)", "count": "\(connections.count)", "net.peer": "\(connections.peer)",
        ])
    }
    self.ended = [:]
  }
}
