/// When a message that was not taken is tried again, and when it is given up.
public struct RetrySchedule: Hashable, Sendable {
  /// How long the first wait is at most, in milliseconds; each further one is twice as long.
  public var firstDelayMs: Int64 = 1_000
  /// How long a wait is at most, in milliseconds.
  public var delayMsMax: Int64 = 600_000
  /// After how many failed tries a message becomes a dead letter.
  public var triesMax = 12

  /// The defaults: twelve tries in some 25 minutes.
  public init() {}

  /// The wait after the `failures`th failed try, in milliseconds: between half of the exponential
  /// delay and all of it, as `jitter`, any number, decides, so that messages that failed together
  /// do not come back together.
  func delayMs(failures: Int, jitter: UInt64) -> Int64 {
    let exponent = Int64(max(0, min(failures - 1, 40)))
    let doubled = self.firstDelayMs.multipliedReportingOverflow(by: 1 << exponent)
    let wholeMs = max(
      1, doubled.overflow ? self.delayMsMax : min(doubled.partialValue, self.delayMsMax))
    return wholeMs - Int64(jitter % UInt64(wholeMs / 2 + 1))
  }
}
