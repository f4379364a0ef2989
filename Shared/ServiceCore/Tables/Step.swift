public import Storage

/// What happened to an entity, as its history says it.
public protocol HistoryEvent: Sendable {
  /// The machine name, such as `accepted`.
  var action: String { get }
  /// Codes, numbers and an officer's reason beside it; it is sealed. Empty where the name says all.
  var detail: String { get }
}

/// One step of an entity, decided and not yet written.
public struct Step<Entity: Sendable, Event: HistoryEvent>: Sendable {
  /// The entity as it was loaded or as the step before left it; nil where it begins.
  public let before: Entity?
  /// The entity after the step.
  public let after: Entity
  /// What happened.
  public let event: Event
  /// What other services must hear of it.
  public let messages: [OutboxMessage]

  /// A step from an entity, nil for one that begins, to what becomes of it.
  public init(
    from before: Entity?, to after: Entity, _ event: Event, telling messages: [OutboxMessage] = []
  ) {
    self.before = before
    self.after = after
    self.event = event
    self.messages = messages
  }

  /// The steps that several causes make, such as the events of a state machine: each begins where
  /// the one before has led. Throws what `step` does.
  public static func chain<Causes: Sequence>(
    from first: Entity, through causes: Causes,
    _ step: (Entity, Causes.Element) throws -> Self
  ) rethrows -> [Self] {
    var entity = first
    return try causes.map { cause in
      let made = try step(entity, cause)
      entity = made.after
      return made
    }
  }
}
