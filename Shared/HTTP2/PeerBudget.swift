/// What a peer may spend of something that costs us work and brings no call forward. It earns back
/// by calls that end well and, a little, by time; so one that behaves never runs out, however long
/// its connection lives, and one that floods does within a bound. It asks for no time itself.
struct PeerBudget {
  private let max: Int
  private let perSecond: Int
  private var left: Int

  /// `max` is what may be spent at once, `perSecond` what time alone gives back.
  init(max: Int, perSecond: Int) {
    self.max = max
    self.perSecond = perSecond
    self.left = max
  }

  /// Whether more was spent than there was; for good, as the connection ends by it.
  var isOverdrawn: Bool { self.left < 0 }

  mutating func spend(_ count: Int = 1) {
    guard !self.isOverdrawn else { return }
    self.left -= count
  }

  mutating func earn(_ count: Int = 1) {
    guard !self.isOverdrawn else { return }
    self.left = Swift.min(self.left + count, self.max)
  }

  mutating func secondPassed() {
    self.earn(self.perSecond)
  }
}
