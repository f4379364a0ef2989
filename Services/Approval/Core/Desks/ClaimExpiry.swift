import DomainModel
import Logging
import ServiceCore
import Storage

/// Writes down that claims are over. Whether a case is held never waits for it: that follows from
/// the claim's end. What it adds is the line in the history and the word to the office's watchers.
struct ClaimExpiry: Sendable {
  /// How many claims one look finds.
  static let batchMax = 100
  /// How long it rests between two rounds, in milliseconds.
  static let pauseMs: Int64 = 10_000

  let handlers: ApprovalHandlers

  /// Runs until its task is cancelled. What a look throws ends the job, which begins again; a case
  /// that cannot be read is logged and holds up no other one.
  func run() async throws {
    while true {
      let count = try await self.runOnce()
      if count > 0 {
        self.handlers.parts.logger.info("claims are over", metadata: ["count": "\(count)"])
      }
      try await self.handlers.time.sleep(milliseconds: Self.pauseMs)
    }
  }

  /// One round over all claims that are over, each in a transaction of its own; returns how many.
  func runOnce() async throws -> Int {
    let (store, now) = (self.handlers.store, self.handlers.time.now())
    var (total, place) = (0, WorkPlace(dueAt: Int64.min, caseID: ""))
    while true {
      let after = place
      let places = try await store.read {
        try store.expiredClaims($0, at: now, after: after, limit: Self.batchMax)
      }
      guard let last = places.last else { return total }
      place = last
      for one in places {
        if try await self.handlers.isolated(one.caseID, { try await self.end($0, now) }) {
          total += 1
        }
      }
    }
  }

  private func end(_ id: ID<ApprovalCase>, _ now: Timestamp) async throws -> Bool {
    let store = self.handlers.store
    let stamp = Stamp(.system, at: now, random: self.handlers.parts.random)
    return try await store.tables.store.write { transaction in
      let file = try store.record(transaction, id).file
      guard let hold = file.desk.hold, hold.until <= now else { return false }
      var next = file
      next.desk.hold = nil
      try store.write(transaction, .expired, from: file, to: next, stamp)
      return true
    }
  }
}

extension ApprovalHandlers {
  /// Does a job's part on one case; where it fails, what is wrong with the case is logged, and the
  /// job goes on with the others. An outage ends the job.
  func isolated(
    _ id: String, _ body: (ID<ApprovalCase>) async throws -> Bool
  ) async throws -> Bool {
    do {
      return try await body(ID(id))
    } catch let error where !Fault.isOutage(error) {
      self.parts.logger.error(
        "a case cannot be worked on",
        metadata: ["case.id": "\(id)", "reason": "\(Fault.text(of: error))"])
      return false
    }
  }
}
