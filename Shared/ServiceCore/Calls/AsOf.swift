public import DomainModel
public import Storage

extension Timestamp {
  /// The instant that a request's `as_of_ms` names; nil for 0, which means now. Throws
  /// `REQUEST_INVALID` for one that has not come yet, or lies before 1970.
  public static func asOf(_ milliseconds: Int64, now: Timestamp) throws -> Timestamp? {
    if milliseconds == 0 { return nil }
    var defects = DefectList()
    if milliseconds < 0 { defects.add(.numberOutOfRange, at: "as_of_ms") }
    if milliseconds > now.milliseconds { defects.add(.dateInFuture, at: "as_of_ms") }
    try defects.throwIfAny(.requestInvalid)
    return Timestamp(milliseconds: milliseconds)
  }
}

extension PastStanding {
  /// What was kept; nil where all is as it is now. Throws `NOT_THERE_YET`, and `STANDING_UNKNOWN`
  /// where an earlier release kept nothing.
  public func kept() throws -> (standing: Standing, sequence: Int)? {
    switch self {
    case .notYet: throw ServiceError(.notThereYet)
    case .unknown: throw ServiceError(.standingUnknown)
    case .unchanged: return nil
    case .kept(let standing, let sequence): return (standing, sequence)
    }
  }
}
