import DomainModel
import Logging
import Metrics
import ServiceCore
import Synchronization

/// Nothing is issued for now.
struct IssuingStopped: Error, CustomStringConvertible {
  let stops: [IssuingStop]

  var description: String {
    "nothing is issued: " + self.stops.map(\.sentence).joined(separator: "; and ")
  }
}

/// Keeps the gate of issuing: looks at the store again and again, and judges the clock by what it
/// has seen whenever something is to be signed.
///
/// Before the first look the gate is open, so a process looks before it serves.
final class IssuingWatch: Sendable {
  private struct State {
    var facts = IssuingGate.Facts()
    /// What was said of it last, so that a change is said once.
    var told: [IssuingStop.Cause] = []
  }

  /// How long it rests between two looks while the gate is shut, in milliseconds at most: it opens
  /// soon after the reason is gone.
  static let shutPauseMsMax: Int64 = 5_000

  private let gate: IssuingGate
  private let reading: IssuingLook
  private let parts: CoreParts
  /// How long it rests between two looks, in milliseconds.
  private let pauseMs: Int64
  private let state = Mutex(State())

  init(_ gate: IssuingGate, _ reading: IssuingLook, pauseMs: Int64) {
    self.gate = gate
    self.reading = reading
    self.parts = reading.parts
    self.pauseMs = pauseMs
  }

  /// A watch over a registry that `signer` signs for.
  convenience init(
    _ store: RegistryStore, _ signer: any PermitSigner, _ parts: CoreParts,
    _ settings: RegistrySettings.Issuing
  ) {
    let bounds = IssuingGate.Bounds(
      clockOffMs: Int64(settings.clockOffSeconds) * 1_000,
      clockAheadDays: settings.clockAheadDays)
    self.init(
      IssuingGate(bounds: bounds),
      IssuingLook(
        store: store, parts: parts, keyID: signer.keyID, entriesMax: settings.entriesMax),
      pauseMs: Int64(settings.lookSeconds) * 1_000)
  }

  /// Everything that speaks against issuing now.
  var stops: [IssuingStop] {
    self.gate.stops(self.state.withLock { $0.facts }, now: self.parts.time.now())
  }

  /// Whether nothing may be signed that lasts.
  var isShut: Bool { !self.stops.isEmpty }

  /// Throws `ISSUING_STOPPED` while the gate is shut, with the causes and, of a wrong key, the
  /// names of both keys; why is for the operator, on the health page and in the log.
  func requireOpen() throws {
    let stops = self.stops
    guard !stops.isEmpty else { return }
    var metadata = ["cause": stops.map(\.cause.rawValue).joined(separator: " ")]
    for case .keyWrong(let keys) in stops {
      metadata["key_id"] = keys.keyID
      metadata["key_in_use"] = keys.inUse
    }
    throw ServiceError(.issuingStopped, metadata: metadata)
  }

  /// Throws `IssuingStopped` while the gate is shut, for the health page.
  func check() throws {
    let stops = self.stops
    if !stops.isEmpty { throw IssuingStopped(stops: stops) }
  }

  /// Looks at the store once. Throws what it throws where it does not answer: then what was seen
  /// last counts.
  func look() async throws {
    let facts = try await self.reading.facts()
    self.state.withLock { $0.facts = facts }
    self.tell()
  }

  /// Looks until the task is cancelled; throws `CancellationError`.
  func run() async throws {
    let gauges = IssuingStop.Cause.allCases.map { cause in
      (cause, Gauge(label: "anju_issuing_stopped", dimensions: [("cause", cause.rawValue)]))
    }
    while true {
      do {
        try await self.look()
      } catch let error where !(error is CancellationError) {
        self.parts.logger.warning("issuing: the store could not be looked at: \(error)")
      }
      let causes = self.stops.map(\.cause)
      for (cause, gauge) in gauges { gauge.record(causes.contains(cause) ? 1 : 0) }
      let pauseMs = causes.isEmpty ? self.pauseMs : min(self.pauseMs, Self.shutPauseMsMax)
      try await self.parts.time.sleep(milliseconds: pauseMs)
    }
  }

  /// Says in the log where the gate was shut or opened, once.
  private func tell() {
    let stops = self.stops
    let causes = stops.map(\.cause)
    let told = self.state.withLock { state in
      defer { state.told = causes }
      return state.told
    }
    if told == causes { return }
    if causes.isEmpty {
      self.parts.logger.notice("issuing: goes on")
    } else {
      self.parts.logger.error("issuing: \(IssuingStopped(stops: stops))")
    }
  }
}
