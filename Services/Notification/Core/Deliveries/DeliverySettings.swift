public import DomainModel

/// How messages are tried: bounds of the delivery loop.
public struct DeliverySettings: Hashable, Sendable {
  /// How many messages are with the gateway at the same time at most.
  public var concurrencyMax = 64
  /// How long a claim lasts beyond the longest that the gateway takes for one message, in
  /// milliseconds: as long as its outcome may take to be written down. A message may be held up as long
  /// by a process that died while it had it.
  public var leaseMs: Int64 = 15_000
  /// How long the loop waits for a signal before it looks anyway, in milliseconds.
  public var pollMs: Int64 = 1_000
  /// When a message that was not taken is tried again.
  public var retries = RetrySchedule()
  /// How many messages a second leave to an operator's numbers, by this process; no bound where there
  /// is none.
  public var ratesPerSecond: [MobileOperator: Int] = [:]

  /// The defaults.
  public init() {}
}
