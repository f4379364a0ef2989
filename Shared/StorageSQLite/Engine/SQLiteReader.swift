import Storage
import StorageEngine

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
      let interrupter = Interrupter(self.connection)
      request.begin { interrupter.interrupt() }
      self.connection.enter(.reading) { request.isCancelled }
      _ = job.run(on: self.connection)
      self.connection.leave()
      request.end()
      // After an I/O error the engine has ended the transaction by itself.
      if self.connection.isInTransaction { try self.connection.control("ROLLBACK") }
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
