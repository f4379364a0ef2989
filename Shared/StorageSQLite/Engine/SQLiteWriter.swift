import DomainModel
import Storage
import StorageEngine

/// Runs writes, many to a commit: the fsync is shared, a failure is not.
///
/// Each closure of a group gets a savepoint when it first changes something, so that it can be
/// taken back alone. As SQLite then copies every page it changes, which costs a quarter of the
/// work, groups begin without them: the first closure that fails *after* it wrote has its group
/// taken back and run again with savepoints, and the groups after it keep them for a while.
///
/// After each closure, the writer asks whether the transaction still stands: an interrupt, a full
/// disk or an I/O error can roll back the *whole* group. Then nobody is acknowledged, and the
/// members run again one by one. If the group could not even begin (another process has the file),
/// all of it is refused at once: each would wait as long for the same.
final class SQLiteWriter {
  private let connection: SQLiteConnection
  private let faults: FaultLog
  private let signals: SignalHub
  private let statistics: StatisticsCounter
  private let keeper: LogKeeper
  /// How many more groups have savepoints from the start.
  private var carefulGroups = 0
  /// How many groups a failure makes careful: whoever fails on purpose slows the others by that
  /// part.
  private static let carefulGroupsMax = 64
  /// How often a closure runs at most that met another transaction.
  private static let triesMax = 5
  /// The last commit, of those since the jobs were handed over.
  private var lastCommit = Commit.none

  private enum Commit {
    case none
    /// Nothing was changed, so nothing was proved.
    case empty
    case wrote
  }

  private enum GroupEnd {
    case committed
    /// It could not begin; every member has the error.
    case refused
    /// Nothing of it is kept; it can be run again with savepoints.
    case needsSavepoints
    /// Nothing of it is kept, and the engine may do the same again.
    case lost
  }

  init(
    _ connection: SQLiteConnection, _ keeper: LogKeeper, _ faults: FaultLog,
    _ signals: SignalHub, _ statistics: StatisticsCounter
  ) {
    self.connection = connection
    self.keeper = keeper
    self.faults = faults
    self.signals = signals
    self.statistics = statistics
  }

  /// Runs jobs in order and tells each its outcome, which is on stable storage by then.
  func process(_ jobs: [any WriteJob]) {
    self.lastCommit = .none
    var group: [any WriteJob] = []
    for job in jobs {
      if job.mode == .writing {
        group.append(job)
      } else {
        self.processGroup(group)
        group = []
        if job.mode == .idle { self.runOutside(job) } else { self.runAlone(job) }
        self.finish([job])
      }
    }
    self.processGroup(group)
    if self.lastCommit == .empty && self.faults.isFaulty(.writing) { self.probe() }
    self.keeper.keepShort()
  }

  /// Lets go of the file.
  func close() {
    self.connection.close()
  }

  private func processGroup(_ jobs: [any WriteJob]) {
    if jobs.isEmpty { return }
    if jobs.count > 1 {
      var end = self.runTogether(jobs, withSavepoints: self.carefulGroups > 0)
      self.carefulGroups = max(0, self.carefulGroups - 1)
      if end == .needsSavepoints {
        self.carefulGroups = Self.carefulGroupsMax
        end = self.runTogether(jobs, withSavepoints: true)
      }
      switch end {
      case .refused: return self.finish(jobs)
      case .committed:
        guard jobs.contains(where: \.hasMetAnother) else { return self.finish(jobs) }
        self.finish(jobs.filter { !$0.hasMetAnother })
        return self.runOneByOne(jobs.filter(\.hasMetAnother))
      case .needsSavepoints, .lost: self.statistics.lostGroup()
      }
    }
    self.runOneByOne(jobs)
  }

  private func runOneByOne(_ jobs: [any WriteJob]) {
    for job in jobs {
      self.runAlone(job)
      self.finish([job])
    }
  }

  /// One commit for all, or nothing of it.
  private func runTogether(_ jobs: [any WriteJob], withSavepoints: Bool) -> GroupEnd {
    do {
      try self.connection.begin(.writing)
    } catch {
      for job in jobs { job.fail(error) }
      return .refused
    }
    do {
      var hasChanged = false
      for job in jobs {
        let changesBefore = self.connection.totalChanges
        self.connection.enter(.writing, wantsSavepoint: withSavepoints)
        let hasSucceeded = job.run(on: self.connection)
        self.connection.leave()
        guard self.connection.isInTransaction else { return .lost }
        if hasSucceeded && self.connection.totalChanges != changesBefore { hasChanged = true }
        if self.connection.hasSavepoint {
          if !hasSucceeded { try self.connection.control("ROLLBACK TO member") }
          try self.connection.control("RELEASE member")
        } else if !hasSucceeded && self.connection.hasWritten {
          self.rollBack()
          return .needsSavepoints
        }
      }
      try self.commit(writes: jobs.count, hasChanged: hasChanged)
      return .committed
    } catch {
      self.rollBack()
      return .lost
    }
  }

  /// A transaction of its own, again while the closure says that it met another one.
  private func runAlone(_ job: any WriteJob) {
    for _ in 0..<Self.triesMax {
      self.tryAlone(job)
      if !job.hasMetAnother { return }
    }
  }

  /// What is no transaction: a step of a backup.
  private func runOutside(_ job: any WriteJob) {
    self.connection.enter(.idle)
    _ = job.run(on: self.connection)
    self.connection.leave()
  }

  private func tryAlone(_ job: any WriteJob) {
    do {
      try self.connection.begin(job.mode)
      let changesBefore = self.connection.totalChanges
      self.connection.enter(job.mode)
      let hasSucceeded = job.run(on: self.connection)
      self.connection.leave()
      if !hasSucceeded {
        self.rollBack()
      } else if !self.connection.isInTransaction {
        job.fail(StorageError.transactionLost)
      } else if job.mode == .writing {
        try self.commit(
          writes: 1, hasChanged: self.connection.totalChanges != changesBefore)
      } else {
        try self.connection.control("COMMIT")
      }
    } catch {
      self.rollBack()
      job.fail(error)
    }
  }

  private func commit(writes: Int, hasChanged: Bool) throws {
    try self.connection.control("COMMIT")
    self.statistics.committed(writes)
    if hasChanged { self.faults.clear(.writing) }
    self.lastCommit = hasChanged ? .wrote : .empty
  }

  /// Nobody has written since a write failed, perhaps because the fault keeps callers away: asks
  /// the disk itself. At most once for each time somebody calls without changing anything.
  private func probe() {
    do {
      try self.connection.writeAndTakeBack()
      self.faults.clear(.writing)
    } catch {
      self.rollBack()
    }
  }

  private func rollBack() {
    guard self.connection.isInTransaction else { return }
    // A rollback cannot fail in a way that leaves the transaction open; if it did, the next BEGIN
    // would say so.
    try? self.connection.control("ROLLBACK")
  }

  private func finish(_ jobs: [any WriteJob]) {
    var topics: Set<Topic> = []
    for job in jobs {
      if let error = job.error {
        job.fail(self.faults.atBorder(error, job.mode == .writing ? .writing : .reading))
      } else if job.mode == .reading {
        self.faults.clear(.reading)
      } else {
        topics.formUnion(job.aftermath.topics)
        job.aftermath.doDeeds()
      }
    }
    self.signals.signal(topics)
    for job in jobs { job.finish() }
  }
}
