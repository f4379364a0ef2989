import DomainModel
import Logging
import Metrics
import ServiceCore
import Storage

/// Changes wait for their leaves in the transparency log.
struct LogBehind: Error, CustomStringConvertible {
  let waiting: Int
  let waitedMs: Int64

  var description: String {
    "\(self.waiting) changes wait for their leaves in the transparency log, one of them for "
      + "\(self.waitedMs) ms: look for \"log:\" in the logs of every replica"
  }
}

extension LogSequencer {
  /// Throws `LogBehind` while an entry has been seen to wait for longer than `lagMaxMs`.
  func check() async throws {
    let (depth, waitedMs) = try await self.look()
    if waitedMs > self.limits.lagMaxMs {
      throw LogBehind(waiting: depth.waiting, waitedMs: waitedMs)
    }
  }

  /// Sets the gauges `anju_log_unsequenced`, `anju_log_unsequenced_age_ms` and `anju_log_size`
  /// again and again; throws `CancellationError`.
  func report() async throws {
    let waiting = Gauge(label: "anju_log_unsequenced")
    let age = Gauge(label: "anju_log_unsequenced_age_ms")
    let size = Gauge(label: "anju_log_size")
    while true {
      do {
        let (depth, waitedMs) = try await self.look()
        waiting.record(depth.waiting)
        age.record(waitedMs)
        size.record(depth.size)
      } catch let error where !(error is CancellationError) {
        self.parts.logger.debug("log: how far it is behind is unknown: \(error)")
      }
      try await self.parts.time.sleep(milliseconds: self.limits.reportMs)
    }
  }

  private func look() async throws -> (LogDepth, waitedMs: Int64) {
    let log = self.log
    let depth = try await self.parts.store.read { try log.depth($0) }
    return (depth, self.lag.seen(depth, at: self.parts.time.now()))
  }
}
