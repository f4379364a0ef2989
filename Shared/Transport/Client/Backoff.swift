import DomainModel

/// How long a client waits between attempts to connect: exponentially longer, up to a bound, and
/// jittered so that many clients do not come back at once.
public struct Backoff: Hashable, Sendable {
  /// The wait after the first failed attempt, in milliseconds.
  public var firstMs: Int64 = 100
  /// The longest wait, in milliseconds.
  public var maxMs: Int64 = 10_000
  /// By how much the wait may be off in either direction, in per cent.
  public var jitterPercent: Int64 = 20

  /// The defaults.
  public init() {}

  /// The wait after a number of failed attempts, in milliseconds.
  func delayMs(after attempts: Int, _ random: any RandomSource) -> Int64 {
    let doubled = self.firstMs << Int64(min(max(attempts - 1, 0), 20))
    return random.jittered(min(doubled, self.maxMs), percent: self.jitterPercent)
  }
}

extension RandomSource {
  /// A wait that is off by at most `percent` in either direction.
  func jittered(_ milliseconds: Int64, percent: Int64) -> Int64 {
    let draw = self.bytes(2).reduce(Int64(0)) { $0 << 8 | Int64($1) }
    let spread = milliseconds * percent / 100
    return milliseconds - spread + 2 * spread * draw / 65_535
  }

  /// A number from 0 to `count` - 1.
  func index(below count: Int) -> Int {
    guard count > 1 else { return 0 }
    return self.bytes(4).reduce(0) { $0 << 8 | Int($1) } % count
  }
}
