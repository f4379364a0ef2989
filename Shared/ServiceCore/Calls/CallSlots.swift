internal import DomainModel
public import RPC
internal import Synchronization

/// The calls of one kind that are under way in this process.
public final class CallSlots: Sendable {
  /// How long a caller who finds them all taken should wait, in milliseconds.
  public static let retryDelayMs: Int64 = 1_000

  private struct State {
    var total = 0
    var byPrincipal: [String: Int] = [:]
  }

  private let limits: CallLimits
  private let state = Mutex(State())

  /// No call is under way yet.
  public init(_ limits: CallLimits) {
    self.limits = limits
  }

  /// Takes a slot; throws `OVERLOADED` where the process or the caller has no more. Each one taken
  /// is given back.
  public func take(for caller: Caller) throws {
    let isTaken = self.state.withLock { state in
      let own = state.byPrincipal[caller.principal, default: 0]
      guard state.total < self.limits.total, own < self.limits.max(of: caller) else { return false }
      state.total += 1
      state.byPrincipal[caller.principal] = own + 1
      return true
    }
    if !isTaken { throw ServiceError(.overloaded, retryDelayMs: Self.retryDelayMs) }
  }

  /// Gives back a slot that was taken for the caller.
  public func giveBack(by caller: Caller) {
    self.state.withLock { state in
      state.total -= 1
      let own = state.byPrincipal[caller.principal, default: 0] - 1
      // Who has none is not kept, so that the table is no longer than the calls under way.
      state.byPrincipal[caller.principal] = own > 0 ? own : nil
    }
  }
}
