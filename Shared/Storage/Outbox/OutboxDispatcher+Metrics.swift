import DomainModel
import Logging
import Metrics

extension OutboxDispatcher {
  /// How often the gauges are set, in milliseconds.
  static let reportMs: Int64 = 5_000

  /// Sets the gauges `anju_outbox_depth`, `anju_outbox_parked` and `anju_outbox_oldest_age_ms` of
  /// each destination again and again; throws `CancellationError`.
  func reportDepth() async throws {
    let gauges = OutboxGauges(self.effects.destinations)
    while true {
      let outbox = self.outbox
      do {
        let found = try await self.store.read { try outbox.depths($0) }
        gauges.record(found, now: self.environment.time.now())
      } catch let error where !(error is CancellationError) {
        self.environment.logger.debug("outbox: depth is unknown: \(error)")
      }
      try await self.environment.time.sleep(
        until: self.environment.time.now().adding(milliseconds: Self.reportMs))
    }
  }
}

/// The gauges of an outbox: a set for each destination that the dispatcher knows, and one for all
/// others together, so that no row can make a new label.
private struct OutboxGauges {
  private struct Trio {
    let depth: Gauge
    let parked: Gauge
    let age: Gauge

    init(_ destination: String) {
      let labels = [("destination", destination)]
      self.depth = Gauge(label: "anju_outbox_depth", dimensions: labels)
      self.parked = Gauge(label: "anju_outbox_parked", dimensions: labels)
      self.age = Gauge(label: "anju_outbox_oldest_age_ms", dimensions: labels)
    }

    func record(_ depth: OutboxDepth, now: Timestamp) {
      self.depth.record(depth.messages)
      self.parked.record(depth.parked)
      self.age.record(depth.oldest.map { max(0, now.milliseconds - $0.milliseconds) } ?? 0)
    }
  }

  /// Whatever goes to a destination that is not known.
  private static let other = "other"

  private let trios: [String: Trio]

  init(_ destinations: Set<String>) {
    let names = destinations.union([Self.other])
    self.trios = Dictionary(uniqueKeysWithValues: names.map { ($0, Trio($0)) })
  }

  func record(_ depths: [String: OutboxDepth], now: Timestamp) {
    var shown: [String: OutboxDepth] = [:]
    for (destination, depth) in depths {
      let name = self.trios[destination] == nil ? Self.other : destination
      shown[name] = shown[name].map { $0.adding(depth) } ?? depth
    }
    for (name, trio) in self.trios {
      trio.record(shown[name] ?? OutboxDepth(messages: 0, parked: 0, oldest: nil), now: now)
    }
  }
}

extension OutboxDepth {
  /// Both together.
  fileprivate func adding(_ other: OutboxDepth) -> OutboxDepth {
    OutboxDepth(
      messages: self.messages + other.messages, parked: self.parked + other.parked,
      oldest: [self.oldest, other.oldest].compactMap(\.self).min())
  }
}
