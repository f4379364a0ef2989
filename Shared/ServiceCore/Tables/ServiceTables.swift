public import DomainModel
public import Storage

/// The tables that every service has, over its database.
public struct ServiceTables: Sendable {
  /// The database.
  public let store: any Store
  /// The answers of mutating calls.
  public let inbox: Inbox
  /// What is owed to other services.
  public let outbox: Outbox
  /// Who did what.
  public let history: History

  /// The tables of a database, their personal columns sealed by `sealer`.
  public init(_ store: any Store, sealer: any Sealer) {
    self.store = store
    self.inbox = Inbox(sealer: sealer)
    self.outbox = Outbox(sealer: sealer)
    self.history = History(sealer: sealer)
  }

  /// The tables over a service's parts.
  public init(_ parts: CoreParts) {
    self.init(parts.store, sealer: parts.sealer)
  }
}

extension Upkeep {
  /// A service's upkeep over its parts.
  public init(_ tables: ServiceTables, of parts: CoreParts) {
    self.init(store: tables.store, inbox: tables.inbox, time: parts.time, logger: parts.logger)
  }
}

extension PersonKeys {
  /// The keys of a service's persons over its parts.
  public init(_ persons: PersonDirectory, of parts: CoreParts) {
    self.init(store: parts.store, persons: persons, time: parts.time, logger: parts.logger)
  }
}
