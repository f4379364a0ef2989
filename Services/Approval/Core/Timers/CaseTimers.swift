import DomainModel
import Metrics
import ServiceCore
import Storage

/// Does to cases what time does (`CaseMachine.elapsed`): warns, accepts by law, lets notices lapse,
/// escalates. Each case is a transaction of its own, in which its due things are decided from the
/// case as it stands then and leave their mark; so each happens once, whoever looks and however
/// often, and a case that cannot be led on holds up no other.
struct CaseTimers: Sendable {
  /// How many cases one reading finds.
  static let batchMax = 256
  /// How long it rests between two rounds, in milliseconds. What is due is due at a midnight.
  static let pauseMs: Int64 = 30_000
  /// From how many failures on a case waits for a person: it is counted, listed, and an error in
  /// the log. It is tried again all the same, for what stood against it may have been mended.
  static let failuresMax = 3
  /// How long a case that failed waits at first, in milliseconds; each time double.
  static let retryFirstMs: Int64 = 60_000
  /// The longest that it waits: an hour.
  static let retryMaxMs: Int64 = 3_600_000
  /// How much of an error is kept, in characters.
  static let reasonCharactersMax = 300

  let handlers: ApprovalHandlers

  private var rounds: DueRounds<TimerCursor> {
    DueRounds("timers", everyMs: Self.pauseMs, self.handlers.parts) { cursor, now in
      try await self.fire(after: cursor, at: now)
    }
  }

  /// Runs until the task is cancelled. What a round throws ends the job, which begins again.
  func run() async throws {
    let parked = Gauge(label: "anju_timers_parked")
    try await self.rounds.run {
      parked.record(try await self.handlers.store.parkedTimersCount())
    }
  }

  /// One round over every case of which something is due. Returns how many things happened.
  func runOnce() async throws -> Int { try await self.rounds.runOnce() }

  private func fire(
    after cursor: TimerCursor?, at now: Timestamp
  ) async throws -> (written: Int, next: TimerCursor?) {
    let due = try await self.handlers.store.dueTimers(
      at: now, after: cursor, limit: Self.batchMax)
    var written = 0
    for timer in due {
      written += try await self.handlers.attempt(timer, at: now) { transaction in
        try self.handlers.elapse(transaction, timer.caseID, at: now)
      }
    }
    return (written, due.count == Self.batchMax ? due.last?.cursor : nil)
  }
}
