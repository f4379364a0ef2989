public import RPC

/// How many calls of a costly kind go on at once, so that nobody closes them for everybody else.
public struct CallLimits: Hashable, Sendable {
  /// Of one process.
  public let total: Int
  /// Of one applicant.
  public let ofApplicant: Int
  /// Of one platform, which speaks for many applicants, or of anybody else.
  public let ofOthers: Int

  /// The bounds of one kind of call.
  public init(total: Int, ofApplicant: Int, ofOthers: Int) {
    self.total = total
    self.ofApplicant = ofApplicant
    self.ofOthers = ofOthers
  }

  /// How many a caller may have at once.
  public func max(of caller: Caller) -> Int {
    caller.kind == .applicant ? self.ofApplicant : self.ofOthers
  }
}
