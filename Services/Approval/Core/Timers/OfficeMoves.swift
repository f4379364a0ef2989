import DomainModel
import Logging
import ServiceCore
import Storage

/// Gives open cases to the offices that have taken their offices' places: a merger, an abolished
/// division. Which those are, `offices.tsv` says by day.
struct OfficeMoves: Sendable {
  /// How many cases one transaction takes.
  static let batchMax = 64
  /// How long it rests between two rounds, in milliseconds: ten minutes. A place is taken at a
  /// midnight.
  static let pauseMs: Int64 = 600_000

  let handlers: ApprovalHandlers

  private var rounds: DueRounds<String> {
    DueRounds("moves to other offices", everyMs: Self.pauseMs, self.handlers.parts) { last, now in
      try await self.move(after: last ?? "", at: now)
    }
  }

  /// Runs until the task is cancelled. What a round throws ends the job, which begins again.
  func run() async throws { try await self.rounds.run() }

  /// One round over every open case of an office that is gone. Returns how many cases moved.
  func runOnce() async throws -> Int { try await self.rounds.runOnce() }

  private func move(
    after id: String, at now: Timestamp
  ) async throws -> (written: Int, next: String?) {
    let codes = self.handlers.offices.retired(by: CivilDate(of: now))
    if codes.isEmpty { return (0, nil) }
    let ids = try await self.handlers.store.openCases(
      ofOffices: codes, after: id, limit: Self.batchMax)
    var written = 0
    for id in ids {
      do {
        written += try await self.move(id, at: now)
      } catch let error where !Fault.isOutage(error) {
        self.handlers.parts.logger.error(
          "a case cannot be moved",
          metadata: ["case.id": "\(id)", "reason": "\(Fault.text(of: error))"])
      }
    }
    return (written, ids.count == Self.batchMax ? ids.last?.text : nil)
  }

  private func move(_ id: ID<ApprovalCase>, at now: Timestamp) async throws -> Int {
    try await self.handlers.store.tables.store.write { transaction in
      let record = try self.handlers.store.record(transaction, id)
      let machine = try self.handlers.machine(of: record.file, transaction, now)
      guard let event = try machine.move(record.file, on: CivilDate(of: now)) else { return 0 }
      let stamp = Stamp(.system, at: now, random: self.handlers.parts.random)
      _ = try self.handlers.happen([event], to: record, by: machine, transaction, stamp)
      return 1
    }
  }
}
