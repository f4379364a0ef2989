/// Notices a peer that is silently gone: a cable pulled, a machine off, a NAT that forgot. Counts
/// in ticks; any byte read is a sign of life.
///
/// Only a connection with open calls is asked, unless set up otherwise, so that an idle one costs
/// nothing.
struct KeepAlive {
  enum Verdict {
    case fine
    /// Ask the peer for a sign of life.
    case ask
    /// It has not answered in time.
    case gone
  }

  /// The most that a peer's complaints can lengthen the silence before it is asked.
  static let factorMax = 64

  private var silentTicksMax: Int
  private let answerTicksMax: Int
  private let asksWithoutCalls: Bool
  private var silentTicks = 0

  init(_ limits: TransportLimits) {
    self.silentTicksMax = limits.ticks(limits.keepAliveMs)
    self.answerTicksMax = limits.ticks(limits.keepAliveTimeoutMs)
    self.asksWithoutCalls = limits.keepAliveWithoutCalls
  }

  /// Lets the peer be silent for `factor` times longer before it is asked.
  mutating func slow(by factor: Int) {
    self.silentTicksMax *= factor
  }

  mutating func tick(hasRead: Bool, hasCalls: Bool) -> Verdict {
    guard (hasCalls || self.asksWithoutCalls) && !hasRead else {
      self.silentTicks = 0
      return .fine
    }
    self.silentTicks += 1
    if self.silentTicks >= self.silentTicksMax + self.answerTicksMax { return .gone }
    return self.silentTicks == self.silentTicksMax ? .ask : .fine
  }
}
