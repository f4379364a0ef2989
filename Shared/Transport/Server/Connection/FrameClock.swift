/// How long the frame that is under way on a connection has been coming. Counts in ticks.
struct FrameClock {
  private let ticksMax: Int
  private var number: Int?
  private var ticks = 0

  init(_ limits: TransportLimits) {
    self.ticksMax = limits.ticks(limits.frameMs)
  }

  /// A tick has passed while the frame with this number was under way, nil for none. Returns
  /// whether it has taken too long.
  mutating func isLate(_ number: Int?) -> Bool {
    guard let number, number == self.number else {
      self.number = number
      self.ticks = 0
      return false
    }
    self.ticks += 1
    return self.ticks >= self.ticksMax
  }
}
