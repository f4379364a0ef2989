import DomainModel
import Logging
import Metrics

extension OutboxDispatcher {
  /// How often the gauges are set, in milliseconds.
  private static let reportMs: Int64 = 5_000

  /// Sets the gauges `anju_outbox_depth`, `anju_outbox_parked` and `anju_outbox_oldest_age_ms`
  /// again and again; throws `CancellationError`.
  func reportDepth() async throws {
    let depth = Gauge(label: "anju_outbox_depth")
    let parked = Gauge(label: "anju_outbox_parked")
    let age = Gauge(label: "anju_outbox_oldest_age_ms")
    while true {
      let outbox = self.outbox
      do {
        let found = try await self.store.read { try outbox.depth($0) }
        let now = self.environment.time.now()
        depth.record(found.messages)
        parked.record(found.parked)
        age.record(found.oldest.map { max(0, now.milliseconds - $0.milliseconds) } ?? 0)
      } catch let error where !(error is CancellationError) {
        self.environment.logger.debug("outbox: depth is unknown: \(error)")
      }
      try await self.environment.time.sleep(
        until: self.environment.time.now().adding(milliseconds: Self.reportMs))
    }
  }
}
