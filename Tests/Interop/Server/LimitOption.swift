import ArgumentParser
import Transport

/// One bound of the transport as an option, `NAME=NUMBER`, so that a test can wait for it.
struct LimitOption: ExpressibleByArgument {
  /// The bounds that can be set; their names are `TransportLimits`'s.
  static let setters: [String: @Sendable (inout TransportLimits, Int) -> Void] = [
    "connectionsMax": { $0.connectionsMax = $1 },
    "connectionsPerAddressMax": { $0.connectionsPerAddressMax = $1 },
    "inFlightMax": { $0.inFlightMax = $1 },
    "connectionOutboundBytesMax": { $0.connectionOutboundBytesMax = $1 },
    "pingStrikesMax": { $0.pingStrikesMax = $1 },
    "serverInboundBytesMax": { $0.serverInboundBytesMax = $1 },
    "serverOutboundBytesMax": { $0.serverOutboundBytesMax = $1 },
    "stalledBytesMin": { $0.stalledBytesMin = $1 },
    "handshakeMs": { $0.handshakeMs = Int64($1) },
    "idleMs": { $0.idleMs = Int64($1) },
    "requestMs": { $0.requestMs = Int64($1) },
    "stalledMs": { $0.stalledMs = Int64($1) },
    "frameMs": { $0.frameMs = Int64($1) },
    "keepAliveMs": { $0.keepAliveMs = Int64($1) },
    "keepAliveTimeoutMs": { $0.keepAliveTimeoutMs = Int64($1) },
  ]

  private let set: @Sendable (inout TransportLimits, Int) -> Void
  private let number: Int

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1)
    guard parts.count == 2, let set = Self.setters[String(parts[0])], let number = Int(parts[1])
    else { return nil }
    self.set = set
    self.number = number
  }

  func apply(_ limits: inout TransportLimits) {
    self.set(&limits, self.number)
  }
}
