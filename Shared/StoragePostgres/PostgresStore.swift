public import DomainModel
public import Logging
public import Storage
import StorageEngine

/// A store in a database of a PostgreSQL server: writes are `SERIALIZABLE`, run again when they
/// meet another; reads see one snapshot. Several processes may have the same database open.
public final class PostgresStore: Store {
  /// What a store needs of the world.
  public struct Effects: Sendable {
    /// The clock by which back-offs end.
    public var time: any TimeSource
    /// Where the jitter of back-offs comes from.
    public var random: any RandomSource
    /// What `databaseNow` says in place of the server's clock; for tests.
    public var databaseClock: (any TimeSource)?

    /// Effects; `databaseNow` is the server's.
    public init(time: any TimeSource, random: any RandomSource) {
      self.time = time
      self.random = random
    }
  }

  /// False: other processes may have the database open.
  public let isExclusive = false
  /// The server, the database and the user.
  public let name: String
  private let core: PostgresCore
  private let writes: WorkQueue<any WriteJob>
  private let reads: WorkQueue<ReadRequest>
  private let threads: [WorkerThread]
  private let keeper: WorkerThread

  /// Opens a store. Throws `StorageError` with a sentence that names the server and says what to
  /// do: no server, no such database, a wrong password, too old a server.
  public init(
    _ server: PostgresServer, options: PostgresOptions = PostgresOptions(), effects: Effects,
    logger: Logger
  ) throws {
    let core = PostgresCore(server, options, effects, logger)
    let first = try core.connect()
    let writes = WorkQueue<any WriteJob>(waitingMax: options.waitingWritesMax)
    let reads = WorkQueue<ReadRequest>(waitingMax: options.waitingReadsMax)
    self.name = server.name
    self.core = core
    self.writes = writes
    self.reads = reads
    let writers = (0..<max(1, options.writersMax)).map { number in
      let handed = Handed(value: PostgresWorker(core, number == 0 ? first : nil))
      return WorkerThread {
        while let jobs = writes.take(limit: 1) { for job in jobs { handed.value.write(job) } }
        handed.value.close()
      }
    }
    let readers = (0..<max(1, options.readersMax)).map { _ in
      let handed = Handed(value: PostgresWorker(core))
      return WorkerThread {
        while let requests = reads.take(limit: 1) {
          for request in requests { handed.value.read(request) }
        }
        handed.value.close()
      }
    }
    self.threads = writers + readers
    let handed = Handed(value: Keeper(core))
    self.keeper = WorkerThread { handed.value.run() }
  }

  deinit {
    self.writes.close()
    self.reads.close()
    self.core.mail.close()
  }

  /// Who waits for which topic; signalled after each commit, of other replicas' too.
  public var signals: SignalHub { self.core.signals }

  /// What the store has done since it was opened.
  public var statistics: PostgresStatistics { self.core.counter.now }

  /// How many writes wait for a writer.
  public var waitingWrites: Int { self.writes.count }

  /// Why the store cannot write, else why it cannot read; nil again once it can, whether somebody
  /// calls or not.
  public var fault: StorageError? { self.core.faults.fault }

  /// Runs the closure in a serializable transaction, again if it met another one.
  @discardableResult
  public func write<Value: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value {
    try Task.checkCancellation()
    let job = ClosureJob.writing(body)
    return try await self.writes.run(job, as: job) { $0 === job }
  }

  /// Runs the closure on a snapshot; a read whose task is cancelled is stopped.
  public func read<Value: Sendable>(
    _ body: @escaping @Sendable (Snapshot) throws -> Value
  ) async throws -> Value {
    try Task.checkCancellation()
    let job = ClosureJob.reading(body)
    let request = ReadRequest(job)
    return try await self.reads.run(job, as: request) {
      $0 === request
    } onLateCancel: {
      request.cancel()
    }
  }

  /// Refuses new closures, runs those that wait, and lets go of the connections.
  public func close() async {
    self.writes.close()
    self.reads.close()
    for thread in self.threads { await thread.waitUntilEnded() }
    self.core.mail.close()
    await self.keeper.waitUntilEnded()
  }
}
