package import Storage

/// What the closure that runs on a connection may do.
package enum ClosureMode: Sendable {
  case idle
  case reading
  case writing
}

/// A connection as the engines' jobs see it.
package protocol EngineConnection: StorageConnection {
  /// Whether a statement of the running closure has failed.
  var hasFailed: Bool { get }
}

/// A caller's closure on its way through the store, its value's type forgotten. Touched by one
/// thread at a time: first the caller's, then, once taken from the queue, the engine's.
package protocol WriteJob: AnyObject, Sendable {
  /// What is to be done if it is committed.
  var aftermath: Aftermath { get }
  /// Whether it reads or writes.
  var mode: ClosureMode { get }
  /// Runs the closure and keeps its outcome; returns whether it succeeded.
  func run(on connection: any EngineConnection) -> Bool
  /// Replaces the outcome by an error.
  func fail(_ error: any Error)
  /// Tells the caller the outcome.
  func finish()
  /// The outcome's error, if it is one.
  var error: (any Error)? { get }
}

extension WriteJob {
  /// The closure found that another transaction was faster (`serializationFailure`): it may run
  /// again. Where one writes at a time, it is the closure itself that says so.
  package var hasMetAnother: Bool { (self.error as? StorageError) == .serializationFailure }
}

/// A job with its closure and its outcome.
package final class ClosureJob<Value: Sendable>: WriteJob, @unchecked Sendable {
  package let mode: ClosureMode
  package private(set) var aftermath = Aftermath()
  private let body: (any EngineConnection) throws -> (Value, Aftermath)
  private var outcome: Result<Value, any Error> = .failure(StorageError.closed)
  private var continuation: CheckedContinuation<Value, any Error>?

  private init(
    _ mode: ClosureMode,
    _ body: @escaping (any EngineConnection) throws -> (Value, Aftermath)
  ) {
    self.mode = mode
    self.body = body
  }

  package static func writing(
    _ body: @escaping @Sendable (Transaction) throws -> Value
  ) -> ClosureJob<Value> {
    ClosureJob(.writing) { connection in
      let transaction = Transaction(connection: connection)
      let value = try body(transaction)
      return (value, transaction.aftermath)
    }
  }

  package static func reading(
    _ body: @escaping @Sendable (Snapshot) throws -> Value
  ) -> ClosureJob<Value> {
    ClosureJob(.reading) { connection in (try body(Snapshot(connection: connection)), Aftermath()) }
  }

  /// Work on the writer's connection that is no transaction.
  package static func standing(
    _ body: @escaping @Sendable (any EngineConnection) -> Value
  ) -> ClosureJob<Value> {
    ClosureJob(.idle) { connection in (body(connection), Aftermath()) }
  }

  package var error: (any Error)? {
    guard case .failure(let error) = self.outcome else { return nil }
    return error
  }

  /// Says whom to tell; before the job is queued.
  package func tell(_ continuation: CheckedContinuation<Value, any Error>) {
    self.continuation = continuation
  }

  package func run(on connection: any EngineConnection) -> Bool {
    do {
      let (value, aftermath) = try self.body(connection)
      // A closure that caught a statement's error and went on has failed all the same.
      if connection.hasFailed { throw StorageError.transactionFailed }
      self.aftermath = aftermath
      self.outcome = .success(value)
      return true
    } catch {
      self.fail(error)
      return false
    }
  }

  package func fail(_ error: any Error) {
    self.aftermath = Aftermath()
    self.outcome = .failure(error)
  }

  package func finish() {
    self.continuation?.resume(with: self.outcome)
  }

  /// The outcome, for a caller that ran the job itself.
  package func result() throws -> Value { try self.outcome.get() }
}
