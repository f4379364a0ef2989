import DomainModel
import Logging
import Metrics

extension OutboxDispatcher {
  /// How often the gauges are set at most, in milliseconds.
  static let reportMs: Int64 = 5_000

  /// Sets the gauges `anju_outbox_depth`, `anju_outbox_parked`, `anju_outbox_oldest_age_ms` and
  /// `anju_outbox_away` of each destination again and again; throws `CancellationError`.
  func reportDepth() async throws {
    let gauges = OutboxGauges(self.effects.destinations)
    while true {
      let outbox = self.outbox
      let began = self.environment.time.now()
      do {
        let found = try await self.store.read { try outbox.depths($0) }
        gauges.record(found, now: self.environment.time.now())
        gauges.record(away: self.slots.away)
      } catch let error where !(error is CancellationError) {
        self.environment.logger.debug("outbox: depth is unknown: \(error)")
      }
      try await self.rest(atLeastMs: Self.reportMs, after: began)
    }
  }
}

/// The gauges of an outbox: a set for each destination that the dispatcher knows, and one for all
/// others together, so that no row can make a new label.
private struct OutboxGauges {
  private struct OfDestination {
    let depth: Gauge
    let parked: Gauge
    let age: Gauge
    let away: Gauge

    init(_ destination: String) {
      let labels = [("destination", destination)]
      self.depth = Gauge(label: "anju_outbox_depth", dimensions: labels)
      self.parked = Gauge(label: "anju_outbox_parked", dimensions: labels)
      self.age = Gauge(label: "anju_outbox_oldest_age_ms", dimensions: labels)
      self.away = Gauge(label: "anju_outbox_away", dimensions: labels)
    }

    func record(_ depth: OutboxDepth, now: Timestamp) {
      self.depth.record(depth.messages)
      self.parked.record(depth.parked)
      self.age.record(depth.oldest.map { max(0, now.milliseconds - $0.milliseconds) } ?? 0)
    }
  }

  /// Whatever goes to a destination that is not known.
  private static let other = "other"

  private let gauges: [String: OfDestination]

  init(_ destinations: Set<String>) {
    let names = destinations.union([Self.other])
    self.gauges = Dictionary(uniqueKeysWithValues: names.map { ($0, OfDestination($0)) })
  }

  func record(away: Set<String>) {
    let names = Set(away.map { self.gauges[$0] == nil ? Self.other : $0 })
    for (name, each) in self.gauges { each.away.record(names.contains(name) ? 1 : 0) }
  }

  func record(_ depths: [String: OutboxDepth], now: Timestamp) {
    var shown: [String: OutboxDepth] = [:]
    for (destination, depth) in depths {
      let name = self.gauges[destination] == nil ? Self.other : destination
      shown[name] = shown[name].map { $0.adding(depth) } ?? depth
    }
    for (name, each) in self.gauges {
      each.record(shown[name] ?? OutboxDepth(messages: 0, parked: 0, oldest: nil), now: now)
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
