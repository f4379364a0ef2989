import DomainModel
import Logging
import ServiceCore
import Storage

extension ApprovalHandlers {
  /// Does what is due of one case, in a transaction of its own; where that fails it waits, each
  /// time double, and holds up no other. Returns what `body` does: how many things happened. Throws
  /// only where the store as a whole does not answer.
  func attempt(
    _ timer: DueTimer, at now: Timestamp, _ body: @escaping @Sendable (Transaction) throws -> Int
  ) async throws -> Int {
    do {
      return try await self.store.tables.store.write { transaction in
        let count = try body(transaction)
        if timer.failures > 0 { try self.store.forgetFailure(transaction, of: timer.caseID) }
        return count
      }
    } catch let error where Fault.isOutage(error) {
      throw error
    } catch {
      try await self.postpone(timer, error, at: now)
      return 0
    }
  }

  private func postpone(_ timer: DueTimer, _ error: any Error, at now: Timestamp) async throws {
    let reason = String(Fault.text(of: error).prefix(CaseTimers.reasonCharactersMax))
    let doublings = min(timer.failures, 16)
    let waitMs = min(CaseTimers.retryFirstMs << Int64(doublings), CaseTimers.retryMaxMs)
    try await self.store.noteFailure(
      of: timer, because: reason, retryAt: now.adding(milliseconds: waitMs))
    let isParked = timer.failures + 1 >= CaseTimers.failuresMax
    self.parts.logger.log(
      level: isParked ? .error : .warning,
      isParked ? "a case's timer is parked" : "a case's timer failed",
      metadata: [
        "case.id": "\(timer.caseID)", "failures": "\(timer.failures + 1)", "reason": "\(reason)",
      ])
  }
}
