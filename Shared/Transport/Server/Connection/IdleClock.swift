/// How long a connection of a server has had neither a call nor a byte of one. Counts in ticks.
struct IdleClock {
  enum Verdict {
    case fine
    /// It is told to end.
    case idle
    /// It has not ended: it is closed.
    case over
  }

  private let handshakeTicks: Int
  private let idleTicksMax: Int
  /// Whether anything was received since the last tick.
  private var wasActive = true
  private var hasSpoken = false
  private var ticks = 0

  init(_ limits: TransportLimits) {
    self.handshakeTicks = limits.ticks(limits.handshakeMs)
    self.idleTicksMax = limits.ticks(limits.idleMs)
  }

  /// The client has said its first HTTP/2 words: from here on it may be idle.
  mutating func spoke() {
    self.hasSpoken = true
  }

  /// Something of a call has come.
  mutating func received() {
    self.wasActive = true
  }

  /// A tick has passed. A client that never spoke has no longer than a handshake.
  mutating func tick(hasCalls: Bool) -> Verdict {
    if self.wasActive || hasCalls {
      self.ticks = 0
      self.wasActive = false
    } else {
      self.ticks += 1
    }
    guard self.hasSpoken else { return self.ticks >= self.handshakeTicks ? .over : .fine }
    if self.ticks >= self.idleTicksMax + self.handshakeTicks { return .over }
    return self.ticks >= self.idleTicksMax ? .idle : .fine
  }
}
