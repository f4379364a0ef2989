import DomainModel
import Logging
import ServiceCore
import Storage

/// Erases the records of frauds whose five years are over, each in a transaction of its own. When
/// the process begins it owes every record to the platforms that are new in the settings, and
/// records what an earlier release had no place for.
struct CreditTimers: Sendable {
  /// How many entries one reading finds.
  static let batchMax = 256
  /// How long it rests between two rounds, in milliseconds. What is due is due at a midnight.
  static let pauseMs: Int64 = 30_000

  let handlers: ApprovalHandlers

  private var records: CreditRecords { CreditRecords(handlers: self.handlers) }

  private var rounds: DueRounds<CreditCursor> {
    DueRounds("credit entries", everyMs: Self.pauseMs, self.handlers.parts) { cursor, now in
      try await self.erase(after: cursor, at: now)
    }
  }

  /// Runs until the task is cancelled. What a round throws ends the job, which begins again.
  func run() async throws {
    let count = try await self.catchUp()
    if count > 0 {
      self.handlers.parts.logger.info(
        "credit entries were owed to platforms", metadata: ["count": "\(count)"])
    }
    try await self.rounds.run()
  }

  /// One round over every entry whose years are over. Returns how many there were.
  func runOnce() async throws -> Int { try await self.rounds.runOnce() }

  private func erase(
    after cursor: CreditCursor?, at now: Timestamp
  ) async throws -> (written: Int, next: CreditCursor?) {
    let due = try await self.handlers.inspections.liveCredits(
      until: now, after: cursor, limit: Self.batchMax)
    var written = 0
    for entry in due where entry.retryAt.map({ $0 <= now }) ?? true {
      written += try await self.handlers.attempt(entry.timer, at: now) { transaction in
        try self.records.erase(transaction, entry.inspectionID, at: now) ? 1 : 0
      }
    }
    return (written, due.count == Self.batchMax ? due.last?.cursor : nil)
  }

  /// Records what is found and was not recorded, and owes what platforms were not told. Returns how
  /// many entries were owed.
  func catchUp() async throws -> Int {
    try await self.recordAll()
    var (count, cursor) = (0, CreditCursor?.none)
    repeat {
      let live = try await self.handlers.inspections.liveCredits(
        until: Timestamp(milliseconds: .max), after: cursor, limit: Self.batchMax)
      for entry in live { count += try await self.oweToNew(entry) ? 1 : 0 }
      cursor = live.count == Self.batchMax ? live.last?.cursor : nil
    } while cursor != nil
    return count
  }

  private func oweToNew(_ entry: LiveCredit) async throws -> Bool {
    let now = self.handlers.time.now()
    return try await self.handlers.isolated(entry.timer.caseID.text) { _ in
      try await self.handlers.store.tables.store.write { transaction in
        let inspection = try self.handlers.inspections.find(
          transaction, entry.inspectionID.text, within: .everything)
        return try self.records.oweToNew(transaction, inspection, from: now) > 0
      }
    }
  }

  private func recordAll() async throws {
    var id = ""
    while true {
      let after = id
      let found = try await self.handlers.inspections.unrecorded(after: after, limit: Self.batchMax)
      for one in found { try await self.record(one) }
      guard found.count == Self.batchMax, let last = found.last else { return }
      id = last.id.text
    }
  }

  private func record(_ found: UnrecordedFraud) async throws {
    let stamp = Stamp(
      .system, at: self.handlers.time.now(), random: self.handlers.parts.random)
    _ = try await self.handlers.isolated(found.caseID.text) { _ in
      try await self.handlers.store.tables.store.write { transaction in
        let inspection = try self.handlers.inspections.find(
          transaction, found.id.text, within: .everything)
        try self.records.record(transaction, inspection, stamp)
        return true
      }
    }
  }
}
