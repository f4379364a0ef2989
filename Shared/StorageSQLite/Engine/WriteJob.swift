import Storage

/// A caller's closure on its way through the store, its value's type forgotten. Touched by one
/// thread at a time: first the caller's, then, once taken from the queue, the engine's.
protocol WriteJob: AnyObject, Sendable {
  /// The topics to wake if it is committed.
  var topics: Set<Topic> { get }
  /// Whether it reads or writes; only stores without readers send reads through the writer.
  var mode: SQLiteConnection.Mode { get }
  /// Runs the closure and keeps its outcome; returns whether it succeeded.
  func run(on connection: SQLiteConnection) -> Bool
  /// Replaces the outcome by an error.
  func fail(_ error: any Error)
  /// Tells the caller the outcome.
  func finish()
  /// The outcome's error, if it is one.
  var error: (any Error)? { get }
}

extension WriteJob {
  /// The closure found that another transaction was faster (`serializationFailure`): it may run
  /// again. Here, where one writes at a time, it is the closure itself that says so.
  var hasMetAnother: Bool { (self.error as? StorageError) == .serializationFailure }
}

/// A job with its closure and its outcome.
final class ClosureJob<Value: Sendable>: WriteJob, @unchecked Sendable {
  let mode: SQLiteConnection.Mode
  private(set) var topics: Set<Topic> = []
  private let body: (SQLiteConnection) throws -> (Value, Set<Topic>)
  private var outcome: Result<Value, any Error> = .failure(StorageError.closed)
  private var continuation: CheckedContinuation<Value, any Error>?

  private init(
    _ mode: SQLiteConnection.Mode,
    _ body: @escaping (SQLiteConnection) throws -> (Value, Set<Topic>)
  ) {
    self.mode = mode
    self.body = body
  }

  static func writing(
    _ body: @escaping @Sendable (Transaction) throws -> Value
  ) -> ClosureJob<Value> {
    ClosureJob(.writing) { connection in
      let transaction = Transaction(connection: connection)
      let value = try body(transaction)
      return (value, transaction.topics)
    }
  }

  static func reading(
    _ body: @escaping @Sendable (Snapshot) throws -> Value
  ) -> ClosureJob<Value> {
    ClosureJob(.reading) { connection in (try body(Snapshot(connection: connection)), []) }
  }

  var error: (any Error)? {
    guard case .failure(let error) = self.outcome else { return nil }
    return error
  }

  /// Says whom to tell; before the job is queued.
  func tell(_ continuation: CheckedContinuation<Value, any Error>) {
    self.continuation = continuation
  }

  func run(on connection: SQLiteConnection) -> Bool {
    do {
      let (value, topics) = try self.body(connection)
      // A closure that caught a statement's error and went on has failed all the same.
      if connection.hasFailed { throw StorageError.transactionFailed }
      self.topics = topics
      self.outcome = .success(value)
      return true
    } catch {
      self.fail(error)
      return false
    }
  }

  func fail(_ error: any Error) {
    self.topics = []
    self.outcome = .failure(error)
  }

  func finish() {
    self.continuation?.resume(with: self.outcome)
  }

  /// The outcome, for a caller that ran the job itself.
  func result() throws -> Value { try self.outcome.get() }
}
