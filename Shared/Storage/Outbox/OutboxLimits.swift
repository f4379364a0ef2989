public import DomainModel

/// The bounds of an outbox dispatcher.
public struct OutboxLimits: Hashable, Sendable {
  /// How many lanes are sent to one destination at the same time at most; twice as many for as long
  /// as those take that were handed over while a claim was being written. One that hangs fills its
  /// own slots and no other's.
  public var lanesMax = 64
  /// How many lanes of one destination a claim takes at most, so that its transaction stays short.
  public var claimMax = 64
  /// How long a claim lasts, in milliseconds. Longer than one send may take: a lane whose lease has
  /// ended is claimed by another replica, and its message is sent twice (the receiver answers the
  /// second from its inbox).
  public var leaseMs: Int64 = 15_000
  /// When a message that failed is sent again.
  public var backoff = Backoff(firstMs: 100, maxMs: 30_000)
  /// When it is sent again where the receiver does not know the method or the caller. Soon at
  /// first, for keys that are being changed and clocks that differ by a moment; then seldom: until
  /// a release or a right is there, asking often helps nobody.
  public var mendBackoff = Backoff(firstMs: 1_000, maxMs: 60_000)
  /// When a destination that could not be reached is tried again, with one lane.
  public var awayBackoff = Backoff(firstMs: 100, maxMs: 5_000)
  /// How long the dispatcher waits for a signal before it looks anyway, in milliseconds.
  public var pollMs: Int64 = 1_000

  /// From how many failed attempts on a message that is tried again, or a destination that cannot
  /// be reached, is told, at each doubling.
  public var toldAttemptsMin = 4
  /// How often the dispatcher looks for messages that their lane has lost at most, in milliseconds.
  public var sweepMs: Int64 = 60_000

  /// The defaults.
  public init() {}
}
