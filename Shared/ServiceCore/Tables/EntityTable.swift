public import DomainModel
public import Storage

/// The rows of one kind of entity that changes step by step.
///
/// A change is load, decide, write, in one transaction: the service loads the entity with a method
/// of its own, its rules decide what happens, and `write` saves each step with its line in the
/// history and the messages it makes necessary. A new kind of change therefore costs its rule and
/// its SQL.
public protocol EntityTable: Sendable {
  /// What is kept.
  associatedtype Entity: Sendable
  /// What can happen to it.
  associatedtype Event: HistoryEvent

  /// Where its history and its messages stand.
  var tables: ServiceTables { get }

  /// The entity's id in the history.
  func historyID(of entity: Entity) -> String

  /// How the entity stands, for answers of the past; nil where the service gives none.
  func standing(of entity: Entity) throws -> Standing?

  /// Writes the rows that a step changed, and whatever the service keeps of every step beside its
  /// history. Throws `StorageError.serializationFailure` where the stored version is not the one
  /// that was loaded (`Transaction.update`).
  func save(
    _ transaction: Transaction, _ step: Step<Entity, Event>, _ stamp: Stamp
  ) throws

  /// Hears of each line that a step has added to the history, in the same transaction: for a
  /// service that proves its changes to others. Nothing unless a table says so.
  func written(
    _ transaction: Transaction, _ step: Step<Entity, Event>, as line: HistoryStep, _ stamp: Stamp
  ) throws
}

extension EntityTable {
  /// Nobody else is told.
  public func written(
    _ transaction: Transaction, _ step: Step<Entity, Event>, as line: HistoryStep, _ stamp: Stamp
  ) throws {}

  /// Writes a step: its rows, its line in the history with how the entity stands after it, and its
  /// messages. What is dated back, for that is when the law had it happen, is owed only `from` now.
  /// Throws what `save` and `written` do.
  public func write(
    _ transaction: Transaction, _ step: Step<Entity, Event>, _ stamp: Stamp,
    owed from: Timestamp? = nil
  ) throws {
    try self.save(transaction, step, stamp)
    var entry = HistoryEntry(
      step.event.action, of: self.historyID(of: step.after), by: stamp.actor, at: stamp.now,
      detail: step.event.detail)
    let standing = try self.standing(of: step.after)
    entry.sequence = try self.tables.history.append(transaction, entry, standing: standing)
    let line = HistoryStep(entry: entry, standing: standing)
    try self.written(transaction, step, as: line, stamp)
    for message in step.messages {
      try self.tables.outbox.enqueue(transaction, message, now: from ?? stamp.now)
    }
  }

  /// Writes steps in their order. Throws what `save` does.
  public func write(
    _ transaction: Transaction, _ steps: [Step<Entity, Event>], _ stamp: Stamp,
    owed from: Timestamp? = nil
  ) throws {
    for step in steps { try self.write(transaction, step, stamp, owed: from) }
  }
}

extension Transaction {
  /// Executes an UPDATE whose WHERE names the version that was loaded. Throws
  /// `StorageError.serializationFailure` where it finds no row: somebody else has changed it since,
  /// and the closure runs again and loads anew.
  public func update(_ sql: SQL) throws {
    if try self.changedRows(sql) == 0 { throw StorageError.serializationFailure }
  }
}
