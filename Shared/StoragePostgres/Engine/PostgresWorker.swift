import DomainModel
import Glibc
import Storage
import StorageEngine

/// A thread's own connection, made when it is first needed and made anew when it was lost.
final class PostgresWorker {
  private let core: PostgresCore
  private var connection: PostgresConnection?

  /// How often a closure is run again that lost its line: the line may be lost because of it.
  private static let lostLinesMax = 3

  /// What one run of a closure led to.
  private enum Outcome {
    case ended
    /// It met another transaction, and nothing of it is kept.
    case met
    /// Its connection was lost before its commit was sent, so nothing of it is kept.
    case lost
    /// It broke a rule between rows. What it had read before may be older than the row in its way,
    /// so it runs once more; if the rule still stands in its way, that is its end.
    case brokeRule
  }

  init(_ core: PostgresCore, _ connection: PostgresConnection? = nil) {
    self.core = core
    self.connection = connection
  }

  // MARK: Writes

  /// Runs a write until it is kept, has failed by itself, or has used up its tries.
  func write(_ job: any WriteJob) {
    var locks: Set<String> = []
    var brokenRules = 0
    var lostLines = 0
    for attempt in 1...max(1, self.core.options.triesMax) {
      let alone = attempt >= self.core.options.aloneFromTry
      let outcome = self.core.solitude.run(alone: alone) { self.tryWrite(job, &locks) }
      switch outcome {
      case .ended: return self.finishWrite(job)
      case .met: self.core.counter.count { $0.conflicts += 1 }
      case .lost:
        lostLines += 1
        if lostLines > Self.lostLinesMax { return self.finishWrite(job) }
        self.core.counter.count { $0.reruns += 1 }
      case .brokeRule:
        brokenRules += 1
        if brokenRules > 1 { return self.finishWrite(job) }
      }
      if attempt > 1 { self.rest(before: attempt + 1) }
    }
    self.finishWrite(job)
  }

  private func tryWrite(_ job: any WriteJob, _ locks: inout Set<String>) -> Outcome {
    do {
      let connection = try self.open()
      try connection.enter(.writing, locks: locks)
      let hasSucceeded = job.run(on: connection)
      connection.leave()
      guard hasSucceeded else {
        locks.formUnion(connection.wantedLocks)
        return self.takeBack(job, connection)
      }
      try connection.commit()
      self.core.counter.count { $0.commits += 1 }
      self.core.wentWell(.writing, hasChanged: connection.hasChanged)
      return .ended
    } catch {
      job.fail(error)
      self.connection?.leave()
      self.connection?.rollBack()
      return Self.outcome(of: error)
    }
  }

  /// What the closure made of a failed statement does not count where the statement may go well at
  /// the next run: it decided on half of the truth.
  private func takeBack(_ job: any WriteJob, _ connection: PostgresConnection) -> Outcome {
    let wasLost = connection.link.isBroken
    let failure = connection.failure
    connection.rollBack()
    if wasLost, let failure {
      job.fail(failure)
      return .lost
    }
    if job.hasMetAnother { return .met }
    let outcome = Self.outcome(of: failure)
    if outcome == .met { job.fail(StorageError.serializationFailure) }
    return outcome
  }

  private static func outcome(of failure: (any Error)?) -> Outcome {
    switch failure as? StorageError {
    case .serializationFailure: .met
    case .uniqueViolation, .foreignKeyViolation: .brokeRule
    default: .ended
    }
  }

  private func finishWrite(_ job: any WriteJob) {
    if let error = job.error {
      job.fail(self.core.atBorder(error, .writing))
    } else {
      let aftermath = job.aftermath
      if !aftermath.topics.isEmpty {
        self.core.signals.signal(aftermath.topics)
        self.core.mail.post(aftermath.topics)
      }
      aftermath.doDeeds()
    }
    job.finish()
  }

  /// A moment's rest, drawn, so that closures that met do not meet again.
  private func rest(before attempt: Int) {
    let rest = Backoff(firstMs: 1, maxMs: Int64(self.core.options.restMsMax))
    usleep(UInt32(rest.delayMs(failures: attempt + 1, self.core.random) * 1_000))
  }

  // MARK: Reads

  /// Runs a read on one snapshot, once more if its connection turns out to be lost.
  func read(_ request: ReadRequest) {
    let job = request.job
    for attempt in 1...2 {
      do {
        let connection = try self.open()
        let bell = connection.link.bell
        request.begin { bell.ring() }
        try connection.enter(.reading) { request.isCancelled }
        _ = job.run(on: connection)
        connection.leave()
        request.end()
        if let failure = connection.failure, connection.link.isBroken {
          job.fail(failure)
          if attempt == 1 && !request.isCancelled { continue }
        }
      } catch {
        job.fail(error)
      }
      break
    }
    if let error = job.error {
      job.fail(self.core.atBorder(error, .reading))
    } else {
      self.core.wentWell(.reading)
    }
    job.finish()
    // The caller need not wait for the snapshot's end.
    self.connection?.endSnapshot()
  }

  // MARK: The connection

  /// Lets go of the connection.
  func close() {
    self.connection = nil
  }

  private func open() throws -> PostgresConnection {
    self.connection?.hearWhatCame()
    if let connection = self.connection, !connection.link.isBroken, !connection.link.isSpent {
      return connection
    }
    self.connection = nil
    let connection = try self.core.connect()
    self.connection = connection
    return connection
  }
}
