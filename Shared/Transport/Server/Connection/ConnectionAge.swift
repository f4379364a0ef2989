/// How long a connection of a server may live: up to its age new calls are taken, then those under
/// way have a grace to end in. Counts in ticks.
struct ConnectionAge {
  enum Verdict {
    case young
    /// No new call is taken.
    case old
    /// What is still under way ends now; said once.
    case over
  }

  private let ageTicks: Int
  private let graceTicks: Int
  private var ticks = 0

  /// `number`: which of its loop's connections this is. Their ages are spread evenly by it, as the
  /// multiples of the golden ratio are, so that they do not end together; no chance is needed.
  init(_ limits: TransportLimits, number: Int) {
    let spreadMs = limits.connectionAgeMs * limits.connectionAgeSpreadPercent / 100
    let place = (Double(number) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
    let shiftMs = Int64((place * 2 - 1) * Double(spreadMs))
    self.ageTicks = limits.ticks(limits.connectionAgeMs + shiftMs)
    self.graceTicks = limits.ticks(limits.connectionAgeGraceMs)
  }

  mutating func tick() -> Verdict {
    self.ticks += 1
    if self.ticks == self.ageTicks + self.graceTicks { return .over }
    return self.ticks >= self.ageTicks ? .old : .young
  }
}
