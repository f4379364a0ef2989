import DomainModel
import Synchronization

/// How often each caller has asked for what there is not: who guesses numbers or codes soon gets no
/// answers at all, neither of what there is nor of what there is not.
///
/// Each of them costs the caller some time from now on; who is more than a burst of them ahead is
/// refused until the time has come. One process counts for itself.
final class UnknownLookups: Sendable {
  /// The bounds.
  struct Limits: Hashable, Sendable {
    /// How many are free at once.
    var burst = 30
    /// What each costs, in milliseconds: 30 a minute in the long run.
    var intervalMs: Int64 = 2_000
    /// How many callers are remembered. Beyond it those are forgotten whose time comes first.
    var callersMax = 10_000
  }

  private let limits: Limits
  /// By principal: when all that he asked for will be paid off.
  private let paidAt = Mutex<[String: Int64]>([:])

  init(_ limits: Limits = Limits()) {
    self.limits = limits
  }

  /// How many callers are remembered.
  var count: Int { self.paidAt.withLock { $0.count } }

  /// Throws `LOOKUPS_EXHAUSTED` for a caller who asks too often, before anything is looked up.
  func check(_ principal: String, at now: Timestamp) throws {
    let paidAt = self.paidAt.withLock { $0[principal] } ?? 0
    let waitMs = paidAt - now.milliseconds - Int64(self.limits.burst) * self.limits.intervalMs
    if waitMs > 0 { throw ServiceError(.lookupsExhausted, retryDelayMs: waitMs) }
  }

  /// Counts one thing that a caller asked for and that there is not.
  func note(_ principal: String, at now: Timestamp) {
    self.paidAt.withLock { paidAt in
      if paidAt[principal] == nil, paidAt.count >= self.limits.callersMax {
        Self.forget(&paidAt, at: now)
      }
      paidAt[principal] = max(paidAt[principal] ?? 0, now.milliseconds) + self.limits.intervalMs
    }
  }

  /// Forgets everybody whose time has come; where that is nobody, whose time comes first.
  private static func forget(_ paidAt: inout [String: Int64], at now: Timestamp) {
    let before = paidAt.count
    paidAt = paidAt.filter { $0.value > now.milliseconds }
    guard paidAt.count == before, let first = paidAt.min(by: { $0.value < $1.value }) else {
      return
    }
    paidAt[first.key] = nil
  }
}
