/// How messages are tried: bounds of the delivery loop.
public struct DeliverySettings: Hashable, Sendable {
  /// How many messages are with the gateway at the same time at most.
  public var concurrencyMax = 64
  /// How long a claim lasts, in milliseconds: longer than a gateway takes for one message, and as
  /// long as a message may be held up by a process that died while it had it.
  public var leaseMs: Int64 = 15_000
  /// How long the loop waits for a signal before it looks anyway, in milliseconds.
  public var pollMs: Int64 = 1_000
  /// When a message that was not taken is tried again.
  public var retries = RetrySchedule()

  /// The defaults.
  public init() {}
}
