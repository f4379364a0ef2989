import NIOCore

/// Whether a client asks for signs of life more often than it may. A ping that follows an answer of
/// ours is always fine: clients measure with it how fast the line is.
struct PingPolicy {
  /// What a client that does is told in its GOAWAY; gRPC clients know the words and ask less often
  /// from then on.
  static let complaint = "too_many_pings"

  private let intervalMin: TimeAmount
  private let strikesMax: Int
  private var strikes = 0
  private var last: NIODeadline?

  init(_ limits: TransportLimits) {
    self.intervalMin = .milliseconds(limits.pingIntervalMinMs)
    self.strikesMax = limits.pingStrikesMax
  }

  /// A ping has come; returns whether it was one too many.
  mutating func pinged(followsAnswer: Bool, at now: NIODeadline) -> Bool {
    defer { self.last = now }
    if followsAnswer {
      self.strikes = 0
    } else if let last = self.last, now - last < self.intervalMin {
      self.strikes += 1
    }
    return self.strikes > self.strikesMax
  }
}
