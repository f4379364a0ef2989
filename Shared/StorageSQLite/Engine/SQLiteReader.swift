import DomainModel
import Logging
import Storage
import Synchronization

/// A read on its way through the readers. Its task may be cancelled at any time; then the statement
/// that runs is interrupted.
final class ReadRequest: Sendable {
  private enum Phase {
    case waiting
    case running(Interrupter)
    case ended
  }

  private struct State {
    var phase = Phase.waiting
    var isCancelled = false
  }

  let job: any WriteJob
  private let state = Mutex(State())

  init(_ job: any WriteJob) {
    self.job = job
  }

  var isCancelled: Bool { self.state.withLock { $0.isCancelled } }

  func begin(_ interrupter: Interrupter) {
    self.state.withLock { $0.phase = .running(interrupter) }
  }

  func end() {
    self.state.withLock { $0.phase = .ended }
  }

  func cancel() {
    self.state.withLock { state in
      state.isCancelled = true
      // Inside the lock: after `end`, the connection serves somebody else.
      if case .running(let interrupter) = state.phase { interrupter.interrupt() }
    }
  }
}

/// The one thing that other threads may do with a reader's connection.
struct Interrupter: @unchecked Sendable {
  private let connection: SQLiteConnection

  init(_ connection: SQLiteConnection) {
    self.connection = connection
  }

  func interrupt() {
    self.connection.interrupt()
  }
}

/// Serves reads on a connection of its own, each on one snapshot.
final class SQLiteReader {
  private let connection: SQLiteConnection
  private let faults: FaultLog

  init(_ connection: SQLiteConnection, _ faults: FaultLog) {
    self.connection = connection
    self.faults = faults
  }

  /// Lets go of the file.
  func close() {
    self.connection.close()
  }

  func serve(_ request: ReadRequest) {
    let job = request.job
    do {
      try self.connection.begin(.reading)
      request.begin(Interrupter(self.connection))
      self.connection.enter(.reading) { request.isCancelled }
      _ = job.run(on: self.connection)
      self.connection.leave()
      request.end()
      try self.connection.control("ROLLBACK")
    } catch {
      job.fail(error)
    }
    if let error = job.error {
      job.fail(self.faults.atBorder(error, .reading))
    } else {
      self.faults.clear(.reading)
    }
    job.finish()
  }
}
