import DomainModel
import Logging

/// Why a message is to be sent again later.
struct Postponement: Sendable {
  /// Status and machine code, or the error's type; no personal data.
  let error: String
  /// Whether the receiver lacks a release or a right, rather than time.
  let needsMending: Bool
  /// How long the receiver asked to wait, in milliseconds.
  let askedMs: Int64

  init(_ error: any Error) {
    guard let error = error as? ServiceError else {
      self.error = "\(type(of: error))"
      self.needsMending = false
      self.askedMs = 0
      return
    }
    self.error = error.reason.isEmpty ? "\(error.code)" : "\(error.code) \(error.reason)"
    self.needsMending = error.retry == .onceMended
    self.askedMs = error.retryDelayMs ?? 0
  }
}

extension OutboxDispatcher {
  /// Gives the lane back until the back-off's end and keeps why beside the message.
  func postpone(_ lane: ClaimedLane, _ postponement: Postponement) async throws {
    let outbox = self.outbox
    let leaseMs = self.limits.leaseMs
    let delayMs = self.delayMs(attempts: lane.head.attempts, postponement)
    let isPostponed = try await self.store.write { transaction in
      guard try outbox.holds(transaction, lane) else { return false }
      let now = try transaction.databaseNow()
      let outcome = OutboxOutcome.retry(
        notBefore: now.adding(milliseconds: delayMs), error: postponement.error, at: now)
      _ = try outbox.settle(transaction, lane, outcome, leaseMs: leaseMs)
      return true
    }
    if isPostponed { self.tell(lane, postponement) }
  }

  private func delayMs(attempts: Int, _ postponement: Postponement) -> Int64 {
    let backoff = postponement.needsMending ? self.limits.mendBackoff : self.limits.backoff
    let askedMs = min(postponement.askedMs, backoff.maxMs)
    return max(backoff.delayMs(failures: attempts + 1, self.environment.random), askedMs)
  }

  /// A message that fails again and again is told at each doubling: soon enough to be seen, seldom
  /// enough to be read. A missing release or right is told from the first time on, as an error.
  private func tell(_ lane: ClaimedLane, _ postponement: Postponement) {
    let attempts = lane.head.attempts + 1
    guard attempts & (attempts - 1) == 0 else { return }
    guard postponement.needsMending || attempts >= self.limits.toldAttemptsMin else { return }
    let text =
      postponement.needsMending
      ? "outbox: the receiver does not know this method or this caller; is a release under way?"
      : "outbox: a message fails again and again"
    self.environment.logger.log(
      level: postponement.needsMending ? .error : .warning, "\(text)",
      metadata: [
        "outbox.id": "\(lane.head.id)", "outbox.lane": "\(lane.key)",
        "rpc.method": "\(lane.head.method)", "attempts": "\(attempts)",
        "reason": "\(postponement.error)",
      ])
  }
}
