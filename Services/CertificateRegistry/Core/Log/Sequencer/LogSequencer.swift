import DomainModel
import Logging
import PermitProof
import ServiceCore
import Storage

/// Gives the log's entries their leaves: the only writer of leaf indexes, one among all replicas at
/// any time.
///
/// A round claims the log unless the lease still lasts, reads the entries that wait and the right
/// edge of the tree, computes leaves, nodes and root, has one head signed on the signer's pool, and
/// commits all of it in one transaction that counts only if nobody has claimed the log since and
/// the tree is as it was read. Whatever dies or stalls in between has written nothing.
struct LogSequencer: Sendable {
  /// The bounds of a sequencer.
  struct Limits: Hashable, Sendable {
    /// How many entries one head covers at most: its signature is worth a few of them, and calls
    /// wait for the transaction.
    var batchMax = 128
    /// How far apart rounds begin at least, in milliseconds, unless one was full: so entries gather
    /// while there are many, and a single one does not wait.
    var gatherMs: Int64 = 20
    /// How long a claim lasts, in milliseconds, from the last commit on. An owner that is killed
    /// holds the log up for so long.
    var leaseMs: Int64 = 1_000
    /// How long it waits for a signal before it looks anyway, in milliseconds: entries of other
    /// replicas come without one, and a lease ends without one.
    var pollMs: Int64 = 500
    /// How long an entry may be seen to wait before health says so, in milliseconds.
    var lagMaxMs: Int64 = 10_000
    /// How often the gauges are set, in milliseconds.
    var reportMs: Int64 = 5_000
  }

  /// What a round came to.
  enum Round: Hashable, Sendable {
    /// So many entries have got their leaves.
    case sequenced(Int)
    /// None waits.
    case idle
    /// Another sequencer's lease lasts.
    case standby
    /// Nothing that lasts may be signed for now.
    case stopped
  }

  /// What one sequencer keeps from round to round.
  struct Held: Hashable, Sendable {
    var lease: LogLease
    /// Until when it surely lasts, by our clock: counted from before the claim or the commit.
    var until: Timestamp
    /// The edge of the tree as it left it.
    var frontier: Frontier?
  }

  let log: LogTable
  let signer: any PermitSigner
  let parts: CoreParts
  /// Whether a head may be signed; nil where nobody watches that.
  let issuing: IssuingWatch?
  let lag = LogLag()
  var limits = Limits()
  /// A name that no other sequencer of this database has at any time.
  let owner: String

  init(
    _ log: LogTable, signer: any PermitSigner, parts: CoreParts, issuing: IssuingWatch? = nil
  ) {
    self.log = log
    self.signer = signer
    self.parts = parts
    self.issuing = issuing
    self.owner = parts.makeID(of: LogSequencer.self).text
  }

  /// Sequences until the task is cancelled; throws `CancellationError`. A store or a signer that is
  /// out of order is waited for.
  func run() async throws {
    try await withThrowingDiscardingTaskGroup { group in
      group.addTask { try await self.report() }
      await self.takeOverIfExclusive()
      var held: Held?
      while true {
        try Task.checkCancellation()
        // Taken before the entries are read, so that one that comes meanwhile is not slept through.
        let mark = self.parts.store.signals.mark(LogTable.entered)
        let began = self.parts.time.now()
        do {
          let round = try await self.round(&held)
          try await self.rest(after: round, since: began, mark)
        } catch let error where !(error is CancellationError) {
          held = nil
          self.parts.logger.warning("log: entries were not sequenced: \(error)")
          try await self.sleep(until: began.adding(milliseconds: self.limits.pollMs))
        }
      }
    }
  }

  /// Rounds until nothing waits or the log is another's; returns how many entries got their leaves.
  func sequenceOnce() async throws -> Int {
    var held: Held?
    var count = 0
    while case .sequenced(let more) = try await self.round(&held) { count += more }
    return count
  }

  private func rest(
    after round: Round, since began: Timestamp, _ mark: SignalHub.Mark
  ) async throws {
    switch round {
    case .sequenced(self.limits.batchMax): return
    case .sequenced: try await self.sleep(until: began.adding(milliseconds: self.limits.gatherMs))
    case .standby, .stopped:
      try await self.sleep(until: began.adding(milliseconds: self.limits.pollMs))
    case .idle:
      let time = self.parts.time
      try await self.parts.store.signals.wait(
        LogTable.entered, after: mark,
        until: time.now().adding(milliseconds: self.limits.pollMs), by: time)
    }
  }

  private func sleep(until deadline: Timestamp) async throws {
    try await self.parts.time.sleep(until: deadline)
  }

  /// A store that no other process has open knows no living owner but us: what a process killed
  /// before had claimed need not wait for its lease to end.
  private func takeOverIfExclusive() async {
    guard self.parts.store.isExclusive else { return }
    let (log, owner) = (self.log, self.owner)
    do {
      try await self.parts.store.write { try log.takeOver($0, owner: owner) }
    } catch {
      self.parts.logger.warning("log: the lease was not taken over: \(error)")
    }
  }
}
