import DomainModel

/// How many messages a second may leave for somewhere: tokens that come at a rate, and are kept for a
/// second.
struct TokenBucket: Hashable, Sendable {
  private let perSecond: Int
  /// In thousandths of a token.
  private var milliTokens: Int64
  private var filledAt: Timestamp

  /// A full bucket.
  init(perSecond: Int, at now: Timestamp) {
    self.perSecond = perSecond
    self.milliTokens = Int64(perSecond) * 1_000
    self.filledAt = now
  }

  /// How many messages may leave now.
  mutating func available(at now: Timestamp) -> Int {
    let elapsedMs = now.milliseconds - self.filledAt.milliseconds
    // A clock that was set back gives nothing, and counts from there.
    let gained = max(0, min(elapsedMs, 1_000)) * Int64(self.perSecond)
    self.milliTokens = min(self.milliTokens + gained, Int64(self.perSecond) * 1_000)
    self.filledAt = now
    return Int(self.milliTokens / 1_000)
  }

  /// Messages have left.
  mutating func take(_ count: Int) {
    self.milliTokens -= Int64(count) * 1_000
  }

  /// When the next one may leave, at or after an instant.
  func nextAt(_ now: Timestamp) -> Timestamp {
    let missing = max(0, 1_000 - self.milliTokens)
    return now.adding(milliseconds: (missing + Int64(self.perSecond) - 1) / Int64(self.perSecond))
  }
}
