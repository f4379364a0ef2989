/// The bytes that wait on all connections of one loop, in and out, against the loop's share of what
/// the server may hold. One connection's own bound says nothing about ten thousand of them.
struct WaitingBytes {
  private let inboundMax: Int
  private let outboundMax: Int
  private var inbound = 0
  private var outbound = 0

  init(_ limits: TransportLimits, loops: Int) {
    self.inboundMax = max(limits.serverInboundBytesMax / loops, limits.connectionInboundBytesMax)
    self.outboundMax = max(
      limits.serverOutboundBytesMax / loops, limits.connectionOutboundBytesMax)
  }

  var isInboundFull: Bool { self.inbound > self.inboundMax }
  var isOutboundFull: Bool { self.outbound > self.outboundMax }

  mutating func addInbound(_ count: Int) {
    self.inbound += count
  }

  mutating func addOutbound(_ count: Int) {
    self.outbound += count
  }
}
