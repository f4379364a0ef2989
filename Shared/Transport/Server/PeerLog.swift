import Logging
import Metrics

/// Why a request is no call of a method here.
enum TurnedAway: String, CaseIterable {
  case methodUnknown = "method unknown"
  case notPOST = "not POST"
  case notGRPC = "not gRPC"
}

/// Tells of what peers do that no call's own line tells: one line a second for each kind, because
/// who does it again and again must not fill the log.
struct PeerLog {
  private enum Event: Hashable {
    case ended(String)
    case turnedAway(TurnedAway)
  }

  private let logger: Logger
  private let turnedAway: [TurnedAway: Counter]
  private var events: [Event: (count: Int, peer: String)] = [:]

  init(_ logger: Logger) {
    self.logger = logger
    self.turnedAway = Dictionary(
      uniqueKeysWithValues: TurnedAway.allCases.map { reason in
        (
          reason,
          Counter(label: "rpc_server_turned_away", dimensions: [("reason", reason.rawValue)])
        )
      })
  }

  /// A connection was ended for what its peer did.
  mutating func ended(for abuse: String, peer: String) {
    self.add(.ended(abuse), peer)
  }

  /// A request got an answer without being a call.
  mutating func turnedAway(_ reason: TurnedAway, peer: String) {
    self.turnedAway[reason]?.increment()
    self.add(.turnedAway(reason), peer)
  }

  /// Writes what has come together since the last time.
  mutating func write() {
    guard !self.events.isEmpty else { return }
    for (event, seen) in self.events {
      var fields: Logger.Metadata = ["count": "\(seen.count)", "net.peer": "\(seen.peer)"]
      switch event {
      case .ended(let abuse):
        fields["abuse"] = "\(abuse)"
        self.logger.notice("connections ended for abuse", metadata: fields)
      case .turnedAway(let reason):
        fields["reason"] = "\(reason.rawValue)"
        self.logger.notice("requests turned away", metadata: fields)
      }
    }
    self.events = [:]
  }

  private mutating func add(_ event: Event, _ peer: String) {
    self.events[event] = ((self.events[event]?.count ?? 0) + 1, peer)
  }
}
