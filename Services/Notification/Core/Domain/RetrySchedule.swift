public import DomainModel

/// When a message that was not taken is tried again, and when it is given up.
public struct RetrySchedule: Hashable, Sendable {
  /// How long a message waits after a try that failed.
  public var backoff = Backoff(firstMs: 1_000, maxMs: 600_000)
  /// After how many failed tries a message becomes a dead letter.
  public var triesMax = 12

  /// The defaults: twelve tries in some 25 minutes.
  public init() {}
}
