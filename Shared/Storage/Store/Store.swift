/// A service's database. `SQLiteStore` is one; services know only this.
///
/// Both closures are synchronous. **A closure may run more than once** (a group of writes that was
/// lost, a serialization failure), so it has no side effects: instants and ids are made outside and
/// passed in.
///
/// **What isolation an engine gives.** Writes are *serializable*: their effect is as if they had
/// run one after the other. SQLite has one writer; PostgreSQL runs them under
/// `SERIALIZABLE`, no less.
/// *Why?* Rules load, decide and save in one closure, and the outbox removes an empty lane while
/// somebody may be filling it. *What if not?* Under `READ COMMITTED` two permits are issued, and a
/// message stands in a lane that is no more.
/// A transaction that met another one is run again by the engine, a bounded number of times; a
/// closure may ask for that by throwing `StorageError.serializationFailure`. Reads see one
/// snapshot.
///
/// What both throw:
/// - whatever the closure throws, with nothing kept;
/// - `StorageError` for what a caller may act on, such as `uniqueViolation`;
/// - `ServiceError(.storeUnavailable)` where the store is at fault (the cause is logged at home and
///   stands in `fault`), and `ServiceError(.overloaded)` where too much is waiting already;
/// - `CancellationError` if the task was cancelled before the closure began. A write that has begun
///   runs to its end.
public protocol Store: Sendable {
  /// Runs the closure in a transaction. Returns once its effects are on stable storage.
  ///
  /// Load, decide and save in **one** closure: what was read in another may have changed since.
  @discardableResult
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value

  /// Runs the closure on a snapshot: it sees one state, whatever is written meanwhile.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Snapshot) throws -> Value
  ) async throws -> Value

  /// Refuses new closures with `STORE_UNAVAILABLE`, runs those that wait, and lets go of the file
  /// or the server.
  func close() async

  /// Who waits for which topic.
  var signals: SignalHub { get }

  /// Whether no other process can have the store open, so that leases of earlier owners are dead.
  var isExclusive: Bool { get }

  /// Why the store is out of order; nil while it works. For health checks.
  var fault: StorageError? { get }

  /// Which store this is, for sentences that people read: its file, or its server and database.
  var name: String { get }
}
