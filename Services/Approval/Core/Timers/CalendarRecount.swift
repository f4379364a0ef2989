import DomainModel
import Logging
import ServiceCore
import Storage

/// Counts due dates anew that were counted without the arrangement of a year (provisional), by the
/// calendar that this process has read. A calendar comes with a start, so the first round finds it.
///
/// Where a date moves the case has a line in its history, the move is listed with the days that
/// made it, and the applicant's dates follow. Where none moves only the mark goes.
struct CalendarRecount: Sendable {
  /// How many cases one transaction takes: few enough that a call which comes between waits for
  /// some milliseconds only.
  static let batchMax = 256
  /// How long it rests between two rounds, in milliseconds: six hours. What a later round finds is
  /// provisional still, or has failed before.
  static let pauseMs: Int64 = 21_600_000

  /// What a round has come to.
  struct Result: Hashable, Sendable {
    /// Cases that were looked at.
    var lookedAt = 0
    /// Cases of which a date moved.
    var moved = 0
    /// Cases that could not be counted.
    var failed = 0
  }

  let handlers: ApprovalHandlers

  /// Runs until the task is cancelled. What a round throws ends the job, which begins again.
  func run() async throws {
    while true {
      let result = try await self.runOnce()
      if result.moved + result.failed > 0 {
        self.handlers.parts.logger.log(
          level: result.failed > 0 ? .error : .notice, "due dates are counted anew",
          metadata: [
            "calendar": "\(self.handlers.policies.calendar.version)",
            "cases": "\(result.lookedAt)", "moved": "\(result.moved)",
            "failed": "\(result.failed)",
          ])
      }
      try await self.handlers.parts.time.sleep(milliseconds: Self.pauseMs)
    }
  }

  /// One round over every open case with a provisional date, in bounded transactions.
  func runOnce() async throws -> Result {
    let now = self.handlers.time.now()
    var result = Result()
    var last = ""
    while true {
      let batch = try await self.batch(after: last, at: now)
      result.lookedAt += batch.result.lookedAt
      result.moved += batch.result.moved
      result.failed += batch.result.failed
      for (id, reason) in batch.failures {
        self.handlers.parts.logger.warning(
          "a case's due dates cannot be counted anew",
          metadata: ["case.id": "\(id)", "reason": "\(reason)"])
      }
      guard let next = batch.last else { return result }
      last = next
    }
  }

  private struct Batch: Sendable {
    var result = Result()
    var failures: [(id: String, reason: String)] = []
    /// The last case, where there may be more after it.
    var last: String?

    init(of ids: [String]) {
      self.result.lookedAt = ids.count
      self.last = ids.count == CalendarRecount.batchMax ? ids.last : nil
    }
  }

  /// The next cases, in one transaction. Where one of them cannot be counted that is gone as a
  /// whole, and each is counted in a transaction of its own.
  private func batch(after id: String, at now: Timestamp) async throws -> Batch {
    let (store, tables) = (self.handlers.store, self.handlers.store.tables)
    do {
      return try await tables.store.write { transaction in
        let rows = try store.provisional(transaction, after: id, limit: Self.batchMax)
        var batch = Batch(of: rows.map(\.id))
        for row in rows where try self.recount(transaction, row, at: now) {
          batch.result.moved += 1
        }
        return batch
      }
    } catch let error where !Fault.isOutage(error) {
      let ids = try await store.read {
        try store.provisional($0, after: id, limit: Self.batchMax).map(\.id)
      }
      return try await self.oneByOne(ids, at: now)
    }
  }

  private func oneByOne(_ ids: [String], at now: Timestamp) async throws -> Batch {
    var batch = Batch(of: ids)
    for id in ids {
      do {
        let hasMoved = try await self.handlers.store.tables.store.write { transaction in
          try self.recount(transaction, ID(id), at: now)
        }
        batch.result.moved += hasMoved ? 1 : 0
      } catch let error where !Fault.isOutage(error) {
        batch.result.failed += 1
        batch.failures.append((id, Fault.text(of: error)))
      }
    }
    return batch
  }

  /// Counts one case anew; returns whether a date moved.
  private func recount(
    _ transaction: Transaction, _ row: ProvisionalRow, at now: Timestamp
  ) throws -> Bool {
    if let file = try row.plain(), try self.settle(transaction, file, at: now) { return false }
    return try self.recount(transaction, ID(row.id), at: now)
  }

  private func recount(
    _ transaction: Transaction, _ id: ID<ApprovalCase>, at now: Timestamp
  ) throws -> Bool {
    let record = try self.handlers.store.record(transaction, id)
    if try self.settle(transaction, record.file, at: now) { return false }
    let machine = try self.handlers.machine(of: record.file, transaction, now)
    guard let event = machine.recount(record.file, at: now)?.event else { return false }
    let stamp = Stamp(.system, at: now, random: self.handlers.parts.random)
    _ = try self.handlers.happen([event], to: record, by: machine, transaction, stamp)
    return true
  }

  /// Takes the mark from dates that are as they were and published now; whether that was all.
  private func settle(
    _ transaction: Transaction, _ file: ApprovalCase, at now: Timestamp
  ) throws -> Bool {
    let machine = try self.handlers.policies.machine(of: file.origin)
    guard let counted = machine.recount(file, at: now) else { return true }
    if counted.event != nil { return false }
    if counted.clocks != file.clocks {
      try self.handlers.store.setProvisional(transaction, as: counted.clocks, of: file)
    }
    return true
  }
}
