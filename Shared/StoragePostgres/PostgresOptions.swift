public import DomainModel

/// The bounds of a PostgreSQL store. Each store opens at most `writersMax + readersMax + 1`
/// connections; the server's `max_connections` must have room for those of all replicas.
public struct PostgresOptions: Hashable, Sendable {
  /// How many writers, each with a thread and a connection, there are at most.
  public var writersMax = 4
  /// How many readers, each with a thread and a connection, there are at most.
  public var readersMax = 2
  /// How many writes may wait; more are refused with `OVERLOADED`.
  public var waitingWritesMax = 4_096
  /// How many reads may wait; more are refused with `OVERLOADED`.
  public var waitingReadsMax = 4_096
  /// How many prepared statements a connection keeps.
  public var statementsMax = 256

  /// How long a connection may take to be made, in seconds.
  public var connectSeconds = 5
  /// How long one statement may run, in milliseconds.
  public var statementMs = 30_000
  /// How long a statement waits for a row or a name that another transaction holds, in
  /// milliseconds.
  public var lockMs = 5_000
  /// How long the server lets a transaction stand still before it ends it, in milliseconds: a
  /// process that was stopped in the middle of one does not hold its rows for ever.
  public var standStillMs = 30_000
  /// How long the server may be silent while it owes an answer, in milliseconds; longer than
  /// `statementMs`. After that the connection counts as lost.
  public var silenceMs: Int32 = 40_000
  /// After how long unacknowledged data makes a connection lost, in milliseconds.
  public var unacknowledgedMs = 10_000

  /// How often a closure runs at most that met other transactions or lost its connection before its
  /// commit.
  public var triesMax = 10
  /// From which try on it runs alone among this store's writers.
  public var aloneFromTry = 4
  /// How long the rest before another try lasts at most, in milliseconds; it doubles from 1.
  public var restMsMax: Int32 = 64

  /// How long nobody connects after a failure.
  public var backoff = Backoff(firstMs: 50, maxMs: 1_000)
  /// How often the keeper looks whether the server is there, in milliseconds.
  public var checkMs: Int32 = 1_000
  /// How long the keeper rests between two rounds of waking other replicas, in milliseconds.
  public var wakePauseMs: Int32 = 5

  /// The defaults.
  public init() {}
}
