import DomainModel
import Storage
import StorageEngine

/// How writes reach the writer: a thread of its own, or the caller itself.
protocol WriterQueue: Sendable {
  /// Runs the closure and returns its outcome.
  func submit<Value: Sendable>(_ job: ClosureJob<Value>) async throws -> Value
  /// Refuses new jobs, runs what waits, and lets go of the connection.
  func close() async
  /// As `close`, without waiting.
  func beginClosing()
  /// How many jobs wait.
  var waitingCount: Int { get }
}

/// The writer on a thread of its own, behind a bounded queue.
final class ThreadedWriter: WriterQueue {
  private let queue: WorkQueue<any WriteJob>
  private let thread: WorkerThread

  init(
    _ writer: SQLiteWriter, _ options: SQLiteOptions, time: any TimeSource,
    _ statistics: StatisticsCounter
  ) {
    let queue = WorkQueue<any WriteJob>(waitingMax: options.waitingWritesMax)
    let groupMax = options.groupMax
    let handed = Handed(value: writer)
    self.queue = queue
    self.thread = WorkerThread {
      while let jobs = queue.take(limit: groupMax) {
        let began = time.now()
        handed.value.process(jobs)
        statistics.worked(ms: time.now().milliseconds - began.milliseconds)
      }
      handed.value.close()
    }
  }

  var waitingCount: Int { self.queue.count }

  func submit<Value: Sendable>(_ job: ClosureJob<Value>) async throws -> Value {
    try await self.queue.run(job, as: job) { $0 === job }
  }

  func close() async {
    self.queue.close()
    await self.thread.waitUntilEnded()
  }

  func beginClosing() {
    self.queue.close()
  }
}

/// The writer in the caller, one job at a time: nothing is left to the scheduler.
final class InlineWriter: WriterQueue, @unchecked Sendable {
  private let monitor = Monitor()
  private var writer: SQLiteWriter?

  init(_ writer: SQLiteWriter) {
    self.writer = writer
  }

  let waitingCount = 0

  func submit<Value: Sendable>(_ job: ClosureJob<Value>) async throws -> Value {
    self.runNow(job)
    return try job.result()
  }

  private func runNow(_ job: any WriteJob) {
    self.monitor.withLock {
      guard let writer = self.writer else {
        return job.fail(ServiceError(.storeUnavailable))
      }
      writer.process([job])
    }
  }

  func close() async {
    self.beginClosing()
  }

  func beginClosing() {
    self.monitor.withLock {
      self.writer?.close()
      self.writer = nil
    }
  }
}
