/// The bounds of an outbox dispatcher.
public struct OutboxLimits: Hashable, Sendable {
  /// How many lanes are sent at the same time at most.
  public var lanesMax = 64
  /// How many lanes one claim takes at most, so that its transaction stays short.
  public var claimMax = 64
  /// How long a claim lasts, in milliseconds. Longer than one send may take: a lane whose lease has
  /// ended is claimed by another replica, and its message is sent twice (the receiver answers the
  /// second from its inbox).
  public var leaseMs: Int64 = 15_000
  /// How long the first back-off lasts at most, in milliseconds; each further one twice as long.
  public var backOffMs: Int64 = 100
  /// How long a back-off lasts at most, in milliseconds.
  public var backOffMsMax: Int64 = 30_000
  /// How long the dispatcher waits for a signal before it looks anyway, in milliseconds.
  public var pollMs: Int64 = 1_000

  /// The defaults.
  public init() {}
}
