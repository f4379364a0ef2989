/// How long to wait after each failure before the next try: twice as long each time, up to a bound.
///
/// What is waited is drawn between half of that and all of it, so that those who failed together do
/// not come back together.
public struct Backoff: Hashable, Sendable {
  /// How long the wait after the first failure is at most, in milliseconds.
  public var firstMs: Int64
  /// How long any wait is at most, in milliseconds.
  public var maxMs: Int64

  /// A back-off; bounds below a millisecond count as one.
  public init(firstMs: Int64, maxMs: Int64) {
    self.firstMs = firstMs
    self.maxMs = maxMs
  }

  /// The wait after the `failures`th failure in a row, in milliseconds. `jitter` is any number.
  public func delayMs(failures: Int, jitter: UInt64) -> Int64 {
    let doublings = Int64(max(1, min(failures, 41)) - 1)
    let doubled = self.firstMs.multipliedReportingOverflow(by: 1 << doublings)
    let wholeMs = max(1, doubled.overflow ? self.maxMs : min(doubled.partialValue, self.maxMs))
    return wholeMs - Int64(jitter % UInt64(wholeMs / 2 + 1))
  }

  /// The wait after the `failures`th failure in a row, in milliseconds, drawn from `random`.
  public func delayMs(failures: Int, _ random: any RandomSource) -> Int64 {
    self.delayMs(failures: failures, jitter: random.jitter())
  }
}

extension RandomSource {
  /// Any number, for a back-off.
  public func jitter() -> UInt64 {
    self.bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
