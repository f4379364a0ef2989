import DomainModel
import RPC
import Synchronization

/// How many calls of a costly kind go on at once, so that nobody closes them for everybody else.
struct CallLimits: Hashable, Sendable {
  /// Of one process.
  let total: Int
  /// Of one applicant.
  let ofApplicant: Int
  /// Of one platform, which speaks for many applicants, or of an auditor.
  let ofOthers: Int

  /// Uploads: each holds a material of at most 2 MiB in memory.
  static let uploads = CallLimits(total: 16, ofApplicant: 2, ofOthers: 8)
  /// Watches: each reads one row a second.
  static let watches = CallLimits(total: 1_000, ofApplicant: 10, ofOthers: 500)

  func max(of caller: Caller) -> Int {
    caller.kind == .applicant ? self.ofApplicant : self.ofOthers
  }
}

/// The calls of one kind that are under way in this process.
final class CallSlots: Sendable {
  /// How long a caller who finds them all taken should wait, in milliseconds.
  static let retryDelayMs: Int64 = 1_000

  private struct State {
    var total = 0
    var byPrincipal: [String: Int] = [:]
  }

  private let limits: CallLimits
  private let state = Mutex(State())

  init(_ limits: CallLimits) {
    self.limits = limits
  }

  /// Takes a slot; throws `OVERLOADED` where the process or the caller has no more. Each one taken
  /// is given back.
  func take(for caller: Caller) throws {
    let isTaken = self.state.withLock { state in
      let own = state.byPrincipal[caller.principal, default: 0]
      guard state.total < self.limits.total, own < self.limits.max(of: caller) else { return false }
      state.total += 1
      state.byPrincipal[caller.principal] = own + 1
      return true
    }
    if !isTaken { throw ServiceError(.overloaded, retryDelayMs: Self.retryDelayMs) }
  }

  func giveBack(by caller: Caller) {
    self.state.withLock { state in
      state.total -= 1
      let own = state.byPrincipal[caller.principal, default: 0] - 1
      // Who has none is not kept, so that the table is no longer than the calls under way.
      state.byPrincipal[caller.principal] = own > 0 ? own : nil
    }
  }
}
