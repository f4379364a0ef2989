public import DomainModel
public import Logging
public import Storage

/// What every service's core gets from outside. The core makes none of it: its main or a test does.
public struct CoreParts: Sendable {
  /// Its database, migrated.
  public var store: any Store
  /// Seals personal columns.
  public var sealer: any Sealer
  /// Where time comes from.
  public var time: any TimeSource
  /// Where randomness comes from.
  public var random: any RandomSource
  /// Where background work logs.
  public var logger: Logger

  /// All of it.
  public init(
    store: any Store, sealer: any Sealer, time: any TimeSource, random: any RandomSource,
    logger: Logger
  ) {
    self.store = store
    self.sealer = sealer
    self.time = time
    self.random = random
    self.logger = logger
  }

  /// A new id for something that begins now.
  public func makeID<Entity>(of: Entity.Type = Entity.self) -> ID<Entity> {
    ID(now: self.time.now(), random: self.random)
  }
}
