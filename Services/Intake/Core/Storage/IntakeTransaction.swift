import DomainModel
import Storage

/// One change of the intake service's database: what may be read and written in it.
struct IntakeTransaction {
  let transaction: Transaction
  let tables: IntakeTables
  let outbox: Outbox
  let now: Timestamp

  /// The application with this id, where the caller may reach it; else throws
  /// `APPLICATION_NOT_FOUND`.
  func application(_ id: ID<Application>, within reach: Reach) throws -> Application {
    try self.tables.application(.id(id), within: reach, self.transaction)
  }

  /// Stores a new draft.
  func insert(_ draft: Application, by event: HistoryEntry) throws {
    try self.transaction.execute(
      """
      INSERT INTO application (application_id, owner, kind, channel, policy_version, created_at,
        version, state, changed_at, progress_sequence)
      VALUES (\(draft.id), \(draft.owner), \(draft.kind), \(Int(draft.channel.rawValue)),
        \(draft.policyVersion), \(draft.createdAt), \(draft.version), \(draft.state),
        \(draft.changedAt), \(draft.progressSequence))
      """)
    try self.record(event)
  }

  /// Stores what every step changes: version, state and the step's own columns.
  ///
  /// - Parameters:
  ///   - next: the application after the step.
  ///   - columns: `, column = value` for what the step itself changes.
  ///   - event: what goes into the history.
  func save(_ next: Application, _ columns: SQL = "", by event: HistoryEntry) throws {
    let changed = try self.transaction.execute(
      """
      UPDATE application SET version = \(next.version), state = \(next.state),
        changed_at = \(next.changedAt), progress_sequence = \(next.progressSequence)\
      \(sql: columns)
      WHERE application_id = \(next.id) AND version = \(next.version - 1)
      """)
    // Somebody else changed it since it was loaded: the closure runs again and loads anew.
    if changed == 0 { throw StorageError.serializationFailure }
    try self.record(event)
  }

  private func record(_ event: HistoryEntry) throws {
    try self.tables.history.append(self.transaction, event)
    self.transaction.signal(IntakeStore.topic)
  }

  /// Owes another service a call.
  func owe(_ message: OutboxMessage) throws {
    try self.outbox.enqueue(self.transaction, message, now: self.now)
  }
}
