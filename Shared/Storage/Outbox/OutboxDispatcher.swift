public import DomainModel
public import Logging

/// Sends what an outbox owes, until nothing is owed; then waits for the next commit.
///
/// Deliveries are *at least once*: a process that dies between a reply and its mark sends again,
/// and the receiver's inbox gives the first answer.
public struct OutboxDispatcher: Sendable {
  let store: any Store
  let outbox: Outbox
  let effects: OutboxEffects
  let limits: OutboxLimits
  let environment: Environment
  let slots: DestinationSlots

  /// Who the dispatcher is and where it runs.
  public struct Environment: Sendable {
    /// A name that no other dispatcher of this database has at any time: a fresh id.
    public var owner: String
    /// Where time comes from.
    public var time: any TimeSource
    /// Where the jitter of back-offs comes from.
    public var random: any RandomSource
    /// Where parked messages are told.
    public var logger: Logger

    /// An environment.
    public init(
      owner: String, time: any TimeSource, random: any RandomSource, logger: Logger
    ) {
      self.owner = owner
      self.time = time
      self.random = random
      self.logger = logger
    }
  }

  /// A dispatcher.
  public init(
    store: any Store, outbox: Outbox, effects: OutboxEffects, limits: OutboxLimits = OutboxLimits(),
    environment: Environment
  ) {
    self.store = store
    self.outbox = outbox
    self.effects = effects
    self.limits = limits
    self.environment = environment
    let signals = store.signals
    self.slots = DestinationSlots(limits) { signals.signal([Outbox.topic]) }
  }
}
